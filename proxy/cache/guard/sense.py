"""What one forward pass of the embedder gives for a text, and what the guard says of two."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray


class Sense(Struct, frozen=True):
    """A text with its vectors.

    `vector` is (384,) and of unit length. `spans` tell where each token stands in `text`, in
    characters; `tokens` is (len(spans), 384), a row of unit length for each, from the last hidden
    state. The marks that a model adds at both ends are left out. A text longer than the model's
    window has spans for its beginning alone.
    """

    text: str
    vector: NDArray[np.float32]
    spans: tuple[tuple[int, int], ...]
    tokens: NDArray[np.float16]

    @property
    def whole(self) -> bool:
        """Whether the model has read the text to its end."""
        return bool(self.spans) and self.spans[-1][1] >= len(self.text.rstrip())


class Verdict(Struct, frozen=True):
    """Whether two texts ask the same; `why` in a few words, such as "numbers differ: 3, 5"."""

    same: bool
    why: str
