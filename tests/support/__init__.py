"""What tests share: scripted upstreams and a proxy to put before them."""
