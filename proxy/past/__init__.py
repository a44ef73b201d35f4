"""Past traffic looked at again: under other routes, or sent once more."""
