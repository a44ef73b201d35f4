"""What the dashboard can look at and switch: the holds on the house in this process."""
