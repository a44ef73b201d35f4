"""The cache of answers: what it may hold, its keys, its memory and its file."""
