"""The exchanges behind a sum of the ledger: how many there are, and a page of them, by index.

Read-only and for a worker thread. A ledger that is not there tells of none; other trouble raises
sqlite3.Error.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from proxy.ledger.history import reading
from proxy.ledger.old import LISTED, record_of
from proxy.record import Record

COLUMNS: Final = ("tier", "model", "client", "session")  # each has an index with the time
SPANS: Final = ("hour", "day", "week", "month")
BY: Final = (*SPANS, *COLUMNS)
END_OF_TIME: Final = 1e12


class Behind(Struct, frozen=True):
    """What a row of the savings stands for: exchanges by `column` = `key`, or all where that is
    empty, that came in from `since` on and before `until`, in unix seconds.

    `last` and `count` are filled in by `found`: what is recorded later does not shift the pages.
    """

    column: str = ""
    key: str = ""
    since: float = 0.0
    until: float = END_OF_TIME
    last: int = 0
    count: int = 0

    @property
    def clause(self) -> str:  # the plus keeps SQLite from walking through the table by rowid
        column = f"{self.column} = :key AND " if self.column else ""
        return f"FROM exchanges WHERE {column}at >= :since AND at < :until AND +rowid <= :last"

    @property
    def values(self) -> dict[str, Any]:
        return {"key": self.key, "since": self.since, "until": self.until, "last": self.last}


def behind(by: str, key: str, since: date | None = None, until: date | None = None) -> Behind:
    """The exchanges of the row `key` of `savings(path, by, since, until)`. ValueError for a `by`
    that has none, or a span's key that names no time."""
    if by not in BY:
        raise ValueError(f"{by!r} is not known: choose one of {', '.join(BY)}")
    window = Behind(
        since=_start(since) if since else 0.0,
        until=_start(until + timedelta(days=1)) if until else END_OF_TIME,
    )
    if by in COLUMNS:
        return replace(window, column=by, key=key)
    begin, end = _span(by, key)
    return replace(window, since=max(begin, window.since), until=min(end, window.until))


def found(path: Path, behind: Behind) -> Behind:
    """The same, with how many there are at this moment."""
    with reading(path) as db:
        if db is None:
            return behind
        (last,) = db.execute("SELECT max(rowid) FROM exchanges").fetchone()
        behind = replace(behind, last=last or 0)
        (count,) = db.execute(f"SELECT count(*) {behind.clause}", behind.values).fetchone()
        return replace(behind, count=count)


def page(path: Path, behind: Behind, start: int, size: int) -> list[Record]:
    """`size` of them from place `start` on, newest first; without what only `whole` tells."""
    query = (
        f"SELECT {', '.join(LISTED)} FROM exchanges WHERE rowid IN (SELECT rowid {behind.clause}"
        " ORDER BY at DESC, rowid DESC LIMIT :size OFFSET :start) ORDER BY at DESC, rowid DESC"
    )
    with reading(path) as db:
        if db is None:
            return []
        rows = db.execute(query, {**behind.values, "size": size, "start": start})
        return [record_of(dict(zip(LISTED, row, strict=True))) for row in rows]


def _span(by: str, key: str) -> tuple[float, float]:
    """Unix seconds of a local hour, day, week or month: from the first to before the second."""
    first = datetime.fromisoformat(f"{key}-01" if by == "month" else key)
    if by == "month":
        after = (first + timedelta(days=31)).replace(day=1)
    else:
        after = first + {"hour": timedelta(hours=1), "week": timedelta(days=7)}.get(
            by, timedelta(days=1)
        )
    return first.timestamp(), after.timestamp()


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day).timestamp()
