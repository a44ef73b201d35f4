"""`lynkr-tui wrap`: a client started with its requests led through a proxy."""
