"""The two orders of the feed: as exchanges came, and by session. Knows nothing of screens."""

from collections.abc import Sequence
from typing import Protocol

from app.store import Store
from proxy.record import Record

Entry = Record | str  # an exchange, or the session whose exchanges stand below


class Order(Protocol):
    """What stands on which line."""

    @property
    def lines(self) -> Sequence[Entry]: ...

    @property
    def newest(self) -> int:
        """The line of the newest exchange, where the list follows."""
        ...

    @property
    def home(self) -> int:
        """The line to scroll to so that it is in sight."""
        ...

    def place(self, id: str) -> int | None:
        """The line of an exchange; None where it is not shown."""
        ...

    def near(self, line: int, by: int) -> int:
        """The line of an exchange: this one, or the next in the direction of `by`."""
        ...


class AsCame:
    """Newest last, as the store has them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def lines(self) -> Sequence[Entry]:
        return self._store.view

    @property
    def newest(self) -> int:
        return len(self._store.view) - 1

    @property
    def home(self) -> int:
        return len(self._store.view)

    def place(self, id: str) -> int | None:
        return self._store.place(id)

    def near(self, line: int, by: int) -> int:
        return min(max(line, 0), self.newest)


class Lanes:
    """A lane a session: the newest session first, and in it its newest exchange. Made anew when
    the store's view has changed, in the time that it takes to walk over it once."""

    newest = 1  # below the first lane's heading
    home = 0

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = -1
        self._lines: list[Entry] = []
        self._places: dict[str, int] = {}

    @property
    def lines(self) -> Sequence[Entry]:
        if self._version != self._store.version:
            self._version = self._store.version
            self._make()
        return self._lines

    def place(self, id: str) -> int | None:
        return self._places.get(id) if self.lines else None

    def near(self, line: int, by: int) -> int:
        lines = self.lines
        line = min(max(line, self.newest), len(lines) - 1)
        if isinstance(lines[line], Record):
            return line
        return line + 1 if by >= 0 else line - 1  # never two headings together

    def beside(self, line: int, by: int) -> int:
        """The newest exchange of the lane so many lanes on, or of the last one."""
        headings = [at for at, entry in enumerate(self.lines) if isinstance(entry, str)]
        here = sum(at <= line for at in headings) - 1
        return headings[min(max(here + by, 0), len(headings) - 1)] + 1 if headings else 0

    def _make(self) -> None:
        lanes: dict[str, list[Record]] = {}
        for row in reversed(self._store.view):
            lanes.setdefault(row.session, []).append(row)
        self._lines = []
        for session, rows in lanes.items():
            self._lines += [session, *rows]
        self._places = {
            entry.id: at for at, entry in enumerate(self._lines) if isinstance(entry, Record)
        }
