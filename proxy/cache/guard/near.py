"""How near words that only one statement has are to those of the other, by their vectors."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxy.cache.guard import fitted
from proxy.cache.guard.sense import Sense
from proxy.cache.guard.words import Word

Sides = tuple[list[int], list[int]]


def near_enough(
    senses: tuple[Sense, Sense],
    words: tuple[Sequence[Word], Sequence[Word]],
    left: Sides,
    light: tuple[Sequence[bool], ...],
) -> Sides | None:
    """Of the places in `left`, those whose words are near to none of the other side's; `light`
    tells which of them carry little. None where the statements as wholes are too far apart."""
    if float(senses[0].vector @ senses[1].vector) < fitted.NEAR_WHOLE:
        return None
    best = nearest(senses, words)
    far: Sides = ([], [])
    for side in (0, 1):
        for n, little in zip(left[side], light[side], strict=True):
            if best[side][n] < (fitted.NEAR_LIGHT if little else fitted.NEAR):
                far[side].append(n)
    return far


def nearest(
    senses: tuple[Sense, Sense], words: tuple[Sequence[Word], Sequence[Word]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each word, its highest cosine with a word of the other side."""
    one, other = (pooled(sense, side) for sense, side in zip(senses, words, strict=True))
    cosines = one @ other.T
    return cosines.max(axis=1), cosines.max(axis=0)


def pooled(sense: Sense, words: Sequence[Word]) -> NDArray[np.float32]:
    """(len(words), 384): the mean of each word's tokens, of unit length; 0 beyond the window."""
    spans = np.array(sense.spans, dtype=np.int64).reshape(-1, 2)
    start = np.array([word.start for word in words])[:, None]
    end = np.array([word.end for word in words])[:, None]
    inside = ((spans[:, 0] < end) & (spans[:, 1] > start)).astype(np.float32)
    summed = inside @ sense.tokens.astype(np.float32)
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.asarray(summed / np.maximum(length, 1e-9), dtype=np.float32)
