"""The terminal program: commands, dashboard, and the root that puts the parts together."""
