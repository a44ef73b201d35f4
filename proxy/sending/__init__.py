"""The way out: what is sent, with whose key, and again or elsewhere where that fails."""
