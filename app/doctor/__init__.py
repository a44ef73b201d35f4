"""`lynkr-tui doctor`: what is well with a set-up, what is not, and the fix."""
