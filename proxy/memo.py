"""Values kept by the hash of what they were made of; those that came first go first."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """At most `most` values. Keys are 64-bit hashes: what was hashed is not kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[int, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of an equal key seen before, else what `make` gives."""
        place = hash(key)
        known = self._values.get(place)
        if known is None:
            known = self._values[place] = make()
            if len(self._values) > self._most:
                del self._values[next(iter(self._values))]
        return known

    def __len__(self) -> int:
        return len(self._values)
