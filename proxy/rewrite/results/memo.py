"""Remembers by hash what was made of a text, so that a long session works each result once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from proxy.rewrite.results.source import Source
from proxy.rewrite.results.technique import Shrunk

_ENTRY = 200  # characters' worth of memory that an entry takes beside its text


class Memo:
    """Least recently used entries fall off past `budget` characters. Safe to share by threads."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held = 0
        self._entries: OrderedDict[Hashable, Shrunk | None] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def __call__(self, key: Hashable, make: Callable[[], Shrunk | None]) -> Shrunk | None:
        """What `make` gives, or gave earlier for the same key."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
        made = make()
        with self._lock:
            self._keep(key, made)
        return made

    def _keep(self, key: Hashable, made: Shrunk | None) -> None:
        if key not in self._entries:
            self._held += _size(made)
        self._entries[key] = made
        while self._held > self._budget:
            self._held -= _size(self._entries.popitem(last=False)[1])


def key_of(text: str, source: Source) -> Hashable:
    """Stands for the text, by a hash that is random in each process, and for how exact it stays."""
    return hash(text), len(text), source.exact, source.numbered


def _size(made: Shrunk | None) -> int:
    return _ENTRY + (len(made.text) if made else 0)
