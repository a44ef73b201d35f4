"""Measures this build against labelled files: one module a kind of file."""
