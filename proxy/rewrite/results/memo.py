"""Remembers by hash what was made of a text, so that a long session works each result once."""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock

from proxy.rewrite.results.technique import Shrunk

_ENTRY = 200  # characters' worth of memory that an entry takes beside its text


class Memo:
    """Least recently used entries fall off past `budget` characters. Safe to share by threads."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held = 0
        self._entries: OrderedDict[bytes, Shrunk | None] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: bytes) -> bool:
        return key in self._entries

    def __call__(self, key: bytes, make: Callable[[], Shrunk | None]) -> Shrunk | None:
        """What `make` gives, or gave earlier for the same key."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
        made = make()
        with self._lock:
            self._keep(key, made)
        return made

    def _keep(self, key: bytes, made: Shrunk | None) -> None:
        if key not in self._entries:
            self._held += _size(made)
        self._entries[key] = made
        while self._held > self._budget:
            self._held -= _size(self._entries.popitem(last=False)[1])


def digest(text: str) -> bytes:
    """16 bytes that stand for `text`."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _size(made: Shrunk | None) -> int:
    return _ENTRY + (len(made.text) if made else 0)
