"""The vectors of one partition in memory, searched by sketch first and then for real."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

FEW: Final = 64  # rows that sketches leave to be compared for real, and those that are as near
_FIRST: Final = 1  # rows that there is room for at the start: most partitions have no more

Vector = NDArray[np.float32]


class Index:
    """Unit vectors by id. A vector's sketch is the signs of its numbers: few of them differ between
    vectors that are near, and counting differences is what processors are quick at."""

    def __init__(self, width: int) -> None:
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._vectors = np.empty((_FIRST, width), np.float16)
        self._sketches = np.empty((-(-width // 64), _FIRST), np.uint64)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, id: int, vector: Vector) -> None:
        """Keep `vector` under `id`, which must be new."""
        place = len(self._ids)
        if place == len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.empty_like(self._vectors)])
            self._sketches = np.concatenate([self._sketches, np.empty_like(self._sketches)], 1)
        self._ids.append(id)
        self._places[id] = place
        self._vectors[place] = vector
        self._sketches[:, place] = _sketch(vector)

    def drop(self, id: int) -> None:
        """Forget `id`; the last row takes its place."""
        place, last = self._places.pop(id), self._ids.pop()
        if last != id:
            end = len(self._ids)
            self._ids[place] = last
            self._places[last] = place
            self._vectors[place] = self._vectors[end]
            self._sketches[:, place] = self._sketches[:, end]

    def near(self, vector: Vector, most: int) -> list[tuple[int, float]]:
        """The ids of the `most` nearest with their cosine, the nearest first."""
        places = self._likely(vector)
        cosines = self._vectors[places].astype(np.float32) @ vector
        best = np.argsort(-cosines, kind="stable")[:most]
        return [(self._ids[places[n]], float(cosines[n])) for n in best]

    def _likely(self, vector: Vector) -> NDArray[np.intp]:
        count = len(self._ids)
        if count <= FEW:
            return np.arange(count)
        differ = self._sketches[:, :count] ^ _sketch(vector)[:, None]
        distances = np.bitwise_count(differ).sum(axis=0, dtype=np.uint16)
        enough = np.searchsorted(np.bincount(distances).cumsum(), FEW)
        return np.flatnonzero(distances <= enough)


def _sketch(vector: Vector) -> NDArray[np.uint64]:
    bits = np.packbits(vector > 0)
    return np.concatenate([bits, np.zeros(-len(bits) % 8, np.uint8)]).view(np.uint64)
