"""The wizard of `lynkr-tui init`: it asks, step by step, what the command's options say."""
