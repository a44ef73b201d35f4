"""Values kept by what they were made of: by its hash, or where it is the very same object."""

from collections.abc import Callable, Hashable
from itertools import islice
from threading import Lock
from typing import Generic, TypeVar

G = TypeVar("G")
T = TypeVar("T")


class Memo(Generic[T]):
    """At most `most` values, of any thread. Keys are 64-bit hashes: what was hashed is not kept.

    An eighth goes at once: to look for the first of a dict takes long where its first ones went.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._values: dict[int, T] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of an equal key seen before, else what `make` gives."""
        place = hash(key)
        known = self._values.get(place)
        if known is None:
            known = make()
            self.put(key, known)
        return known

    def peek(self, key: Hashable) -> T | None:
        """The value of an equal key seen before, if there is one."""
        return self._values.get(hash(key))

    def put(self, key: Hashable, value: T) -> None:
        """Keep `value`, in the place of those that came first where there are too many."""
        with self._lock:
            self._values[hash(key)] = value
            if len(self._values) > self._most:
                for first in list(islice(self._values, self._most // 8 or 1)):
                    del self._values[first]

    def __len__(self) -> int:
        return len(self._values)


class Same(Generic[G, T]):
    """What was made of the `most` objects asked for last; who asks does not change them."""

    def __init__(self, make: Callable[[G], T], most: int = 4) -> None:
        self._make = make
        self._most = most
        self._known: tuple[tuple[G, T], ...] = ()

    def __call__(self, given: G) -> T:
        for at, known in enumerate(self._known):
            if known[0] is given:
                if at:
                    self._known = (known, *self._known[:at], *self._known[at + 1 :])
                return known[1]
        made = self._make(given)
        self._known = ((given, made), *self._known[: self._most - 1])
        return made
