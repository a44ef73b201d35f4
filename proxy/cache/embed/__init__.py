"""The embedder: a process of its own that turns texts into vectors, and the client that asks it."""

from proxy.cache.embed.embedder import Embedder

__all__ = ["Embedder"]
