"""The cache's SQLite file: opened, loaded and written on a thread of its own."""

import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

log = logging.getLogger(__name__)

VERSION: Final = 1
_BUSY: Final = 1.0  # seconds to wait for another process that holds the file
_BATCH: Final = 500  # changes written in one transaction
_REST: Final = 0.05  # seconds between writes: a thread that woke at each would slow the loop
_SIDE_FILES: Final = ("", "-wal", "-shm")

_TABLE: Final = "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, at REAL, body BLOB)"
_PUT: Final = "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)"
_DROP: Final = "DELETE FROM answers WHERE key = ?"
_CLEAR: Final = "DELETE FROM answers"
_ALL: Final = "SELECT key, at, body FROM answers ORDER BY at DESC"


class Row(NamedTuple):
    """One kept answer: its key, when it was kept (unix seconds), and its bytes."""

    key: bytes
    at: float
    body: bytes


class _Change(NamedTuple):
    sql: str
    values: tuple[object, ...] = ()


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
        self._changes.put(_Change(_CLEAR))

    def close(self, patience: float = 3.0) -> None:
        """Write what is queued and close the file; waits `patience` seconds at most."""
        if self._thread.is_alive():
            self._closing.set()
            self._changes.put(None)
            self._thread.join(patience)

    def _run(self) -> None:
        db = None
        try:
            db = self._open()
        except Exception:
            log.exception("cache: %s can't be used; answers last this run", self._path)
        try:
            while batch := self._next():
                db = self._write(db, batch)
                self._closing.wait(_REST)
        finally:
            if db:
                db.close()

    def _open(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                return self._connect()
            except sqlite3.OperationalError as error:
                log.warning(
                    "cache: %s can't be used (%s); answers last this run", self._path, error
                )
                return None
            except sqlite3.DatabaseError as error:
                if not self._set_aside(error):
                    return None
            except OSError as error:
                log.warning("cache: %s can't be opened: %s", self._path, error)
                return None
        return None

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        self._path.chmod(0o600)
        db = sqlite3.connect(self._path, timeout=_BUSY, isolation_level=None)
        try:
            self._prepare(db)
            self._loaded(Row(*found) for found in db.execute(_ALL))
        except BaseException:
            db.close()
            raise
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"it has version {version}, this build writes {VERSION}")
        for line in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
            db.execute(f"PRAGMA {line}")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version = {VERSION}")

    def _set_aside(self, error: Exception) -> bool:
        aside = self._path.with_name(f"{self._path.name}.broken-{int(time.time())}")
        try:
            for end in _SIDE_FILES:
                if (found := Path(f"{self._path}{end}")).exists():
                    found.rename(f"{aside}{end}")
        except OSError as failed:
            log.warning(
                "cache: %s is broken (%s) and can't be moved: %s", self._path, error, failed
            )
            return False
        log.warning("cache: %s is broken (%s); set aside as %s", self._path, error, aside.name)
        return True

    def _next(self) -> list[_Change]:
        """The changes to write next, waiting for the first; empty at the end."""
        batch = [self._changes.get()]
        while batch[-1] is not None and len(batch) < _BATCH and not self._changes.empty():
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
            for change in batch:
                db.execute(change.sql, change.values)
            db.execute("COMMIT")
            return db
        except sqlite3.Error as error:
            log.warning("cache: %s can't be written: %s; answers last this run", self._path, error)
            db.close()
            return None
