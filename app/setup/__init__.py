"""Setting up: what providers this machine has, four tiers from them, a config, and its check."""
