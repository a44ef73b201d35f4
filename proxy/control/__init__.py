"""The control API: what is going on, why, and how it is changed from outside."""
