"""The side of the clients: who may come in, what they ask, and how they are answered."""
