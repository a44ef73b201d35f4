"""The first minutes: what is there already, and a config made of it."""
