"""The way back: an answer put together, translated, looked at, and brought to the client."""
