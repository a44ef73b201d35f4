"""The cache's SQLite file: opened, loaded and written on a thread of its own."""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from proxy.private_db import emptied, many, open_private

log = logging.getLogger(__name__)

VERSION: Final = 1
TABLE: Final = "answers"
_REST: Final = 0.5  # seconds between writes: what a write costs beyond its rows, many rows share
_LOST: Final = "answers last this run"

_TABLE: Final = "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, at REAL, body BLOB)"
_PUT: Final = ("INSERT OR REPLACE INTO answers", "")  # before the values, and after them
_DROP: Final = ("DELETE FROM answers WHERE key IN (", ")")
_CLEAR: Final = ("DELETE FROM answers", "")
_ALL: Final = "SELECT key, at, body FROM answers ORDER BY at DESC"


class Row(NamedTuple):
    """One kept answer: its key, when it was kept (unix seconds), and its bytes."""

    key: bytes
    at: float
    body: bytes


class _Change(NamedTuple):
    sql: tuple[str, str]
    values: tuple[object, ...] = ()


_CLEARED: Final = _Change(_CLEAR)


class Store:
    """Writes behind: a change is queued in microseconds and reaches the file later, in order.

    A file that is corrupt is renamed and a new one begun; one that is locked, or can't be written,
    is left alone and nothing is kept past this run. Either is logged, and hurts nobody.
    """

    def __init__(self, path: Path, loaded: Callable[[Iterable[Row]], None]) -> None:
        self._path = path
        self._loaded = loaded
        self._changes: queue.SimpleQueue[_Change | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cache", daemon=True)

    def start(self) -> None:
        """Open and load in the background; `loaded` is called there with the rows, newest first."""
        self._thread.start()

    def put(self, row: Row) -> None:
        self._changes.put(_Change(_PUT, row))

    def drop(self, key: bytes) -> None:
        self._changes.put(_Change(_DROP, (key,)))

    def clear(self) -> None:
        self._changes.put(_CLEARED)

    def close(self, patience: float = 3.0) -> None:
        """Write what is queued and close the file; waits `patience` seconds at most."""
        if self._thread.is_alive():
            self._closing.set()
            self._changes.put(None)
            self._thread.join(patience)

    def _run(self) -> None:
        db = None
        try:
            db = open_private(self._path, self._prepare, _LOST)
        except Exception:
            log.exception("%s can't be used; %s", self._path, _LOST)
        try:
            while batch := self._next():
                db = self._write(db, batch)
                self._closing.wait(_REST)
        finally:
            if db:
                db.close()

    def _prepare(self, db: sqlite3.Connection) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"it has version {version}, this build writes {VERSION}")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version = {VERSION}")
        self._loaded(Row(*found) for found in db.execute(_ALL))

    def _next(self) -> list[_Change]:
        """The changes to write next, waiting for the first; empty at the end."""
        batch = [self._changes.get()]
        while batch[-1] is not None and not self._changes.empty():
            batch.append(self._changes.get())
        if batch[-1] is None and len(batch) > 1:
            self._changes.put(None)
        return [change for change in batch if change is not None]

    def _write(
        self, db: sqlite3.Connection | None, batch: list[_Change]
    ) -> sqlite3.Connection | None:
        if db is None:
            return None
        try:
            db.execute("BEGIN IMMEDIATE")
            for sql, changes in groupby(batch, attrgetter("sql")):
                _apply(db, sql, [change.values for change in changes])
            db.execute("COMMIT")
            if _CLEARED in batch:
                emptied(self._path, db)
            return db
        except sqlite3.Error as error:
            log.warning("%s can't be written (%s); %s", self._path, error, _LOST)
            db.close()
            return None


def _apply(db: sqlite3.Connection, sql: tuple[str, str], values: list[tuple[object, ...]]) -> None:
    if sql == _CLEAR:
        db.execute(_CLEAR[0])
    else:
        many(db, sql[0], values, sql[1])
