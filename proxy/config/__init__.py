"""The config: what it may say, how its file is read, checked, edited and brought up to date."""
