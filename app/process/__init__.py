"""The process itself: how it begins, prints, logs, fails and ends."""
