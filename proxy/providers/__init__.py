"""Upstream accounts: a table of kinds, and the few files that a table row can't say."""
