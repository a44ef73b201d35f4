"""The guard on the answer: tool calls are checked before the client sees them."""
