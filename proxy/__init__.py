"""The request path: client in, model out, nothing lost, nothing drawn."""
