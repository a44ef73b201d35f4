"""Vectors without a model: directions of our own, as near to one another as a test wants."""

import numpy as np

from proxy.cache.guard import Sense

WIDTH = 384


def vectors(count: int, seed: int = 1):
    """Unit vectors in random directions, (count, 384)."""
    found = np.random.default_rng(seed).standard_normal((count, WIDTH), np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def beside(vector, cosine: float, seed: int = 2):
    """A unit vector at this cosine from `vector`."""
    other = vectors(1, seed)[0]
    other -= (other @ vector) * vector
    other /= np.linalg.norm(other)
    return (cosine * vector + np.sqrt(1 - cosine**2) * other).astype(np.float32)


def sense(text: str, vector=None) -> Sense:
    """A text with a vector, and a token for each word."""
    ends = np.cumsum([len(word) + 1 for word in text.split()]) - 1
    spans = tuple((int(end) - len(word), int(end)) for end, word in zip(ends, text.split()))  # noqa: B905
    given = vectors(1, len(text))[0] if vector is None else vector
    return Sense(text, given, spans, vectors(len(spans), 7).astype(np.float16))
