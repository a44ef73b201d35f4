"""The guard lets nothing through that it can't defend."""

import numpy as np

from proxy.cache.guard import Sense, compare


def sense(text: str) -> Sense:
    """A text without vectors: what the words alone can't defend is refused."""
    none = np.zeros((0, 384), np.float16)
    return Sense(text, np.full(384, 384**-0.5, np.float32), (), none)


def test_the_same_words_are_the_same_question():
    assert compare(sense("What is a\nmonad?"), sense("What is a monad?")).same


def test_other_words_are_not():
    found = compare(sense("Enable the cache"), sense("Disable the cache"))
    assert not found.same and found.why
