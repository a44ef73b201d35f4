"""The originals of abridged results: an SQLite file, bounded in size and age, on its own thread."""

import logging
import queue
import sqlite3
import threading
import time
import zlib
from contextlib import closing
from pathlib import Path
from typing import Final

from proxy.private_db import BUSY, open_private

log = logging.getLogger(__name__)

MOST_BYTES: Final = 200_000_000  # of compressed originals; the oldest go first
OLDEST: Final = 14 * 86_400.0  # seconds since an original was last seen in a conversation
MOST_WAITING: Final = 32_000_000  # characters that wait in memory for the file
SEEN_AGAIN: Final = 3_600.0  # seconds after which an original's age is set back

_LOST: Final = "nothing is abridged"
_REST: Final = 0.05  # seconds between writes: a thread that woke at each would slow the loop
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS originals"
    " (id TEXT PRIMARY KEY, at REAL NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL)"
)
_INDEX: Final = "CREATE INDEX IF NOT EXISTS originals_at ON originals (at)"
_PUT: Final = "INSERT OR REPLACE INTO originals VALUES (?, ?, ?, ?)"
_GET: Final = "SELECT body FROM originals WHERE id = ?"
_KNOWN: Final = "SELECT id, at FROM originals"
_EXPIRE: Final = "DELETE FROM originals WHERE at < ?"
_SIZE: Final = "SELECT coalesce(sum(size), 0) FROM originals"
_OLDEST: Final = "SELECT id, size FROM originals ORDER BY at"
_DROP: Final = "DELETE FROM originals WHERE id = ?"


class Originals:
    """Keeps texts by id. `keep` takes microseconds and never blocks; the file is written behind.

    What waits for the file is answered from memory. Where the file can't be used, `keep` says so,
    the reason is logged once, and nothing else fails.
    """

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES, oldest: float = OLDEST) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._oldest = oldest
        self._lock = threading.Lock()
        self._waiting: dict[str, str] = {}
        self._waits = 0  # characters
        self._seen: dict[str, float] = {}  # when each that is in the file was last put there
        self._usable = False
        self._opened = threading.Event()
        self._bell: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="originals", daemon=True)

    def start(self) -> None:
        """Open the file in the background; until that is done nothing new is kept."""
        self._thread.start()

    def wait(self, timeout: float = 5.0) -> bool:
        """Whether the file is open, once that is known."""
        return self._opened.wait(timeout) and self._usable

    def keep(self, id: str, text: str) -> bool:
        """Whether `text` can be recalled by `id` from now on."""
        now = time.time()
        with self._lock:
            if id in self._waiting or now - self._seen.get(id, 0.0) < SEEN_AGAIN:
                return True
            if not self._usable or self._waits + len(text) > MOST_WAITING:
                return id in self._seen
            self._waiting[id] = text
            self._waits += len(text)
        self._bell.put(id)
        return True

    def get(self, id: str) -> str | None:
        """The original; None where there is none (any more). Reads the file: call it off the loop.

        Raises OSError where the file can't be read.
        """
        with self._lock:
            waiting = self._waiting.get(id)
        if waiting is not None:
            return waiting
        if not self._path.exists():
            return None
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY)) as db:
                row = db.execute(_GET, (id,)).fetchone()
            return zlib.decompress(row[0]).decode("utf-8", "surrogatepass") if row else None
        except (sqlite3.Error, zlib.error) as error:
            raise OSError(f"{self._path.name} can't be read: {error}") from error

    def flush(self, timeout: float = 5.0) -> bool:
        """Whether all that was kept reached the file in time."""
        end = time.monotonic() + timeout
        pause = threading.Event()
        while self._waiting and time.monotonic() < end:
            pause.wait(0.01)
        return not self._waiting

    def close(self, patience: float = 3.0) -> None:
        """Write what waits and close the file; waits `patience` seconds at most."""
        if self._thread.is_alive():
            self._bell.put(None)
            self._thread.join(patience)

    def _run(self) -> None:
        db = self._open()
        self._opened.set()
        while db is not None:
            id = self._bell.get()
            if not self._write(db, id):
                break
            if id is None:
                db.close()
                return
            threading.Event().wait(_REST)
        if db is not None:
            db.close()

    def _open(self) -> sqlite3.Connection | None:
        db = open_private(self._path, self._prepare, _LOST)
        self._usable = db is not None
        return db

    def _prepare(self, db: sqlite3.Connection) -> None:
        db.execute(_TABLE)
        db.execute(_INDEX)
        db.execute(_EXPIRE, (time.time() - self._oldest,))
        self._seen = dict(db.execute(_KNOWN))

    def _write(self, db: sqlite3.Connection, first: str | None) -> bool:
        """Write all that waits; whether that went well."""
        with self._lock:
            batch = dict(self._waiting)
        now = time.time()
        rows = [(id, now, len(body), body) for id, body in map(_packed, batch.items())]
        try:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(_PUT, rows)
            dropped = self._shed(db, set(batch))
            db.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(error)
            return False
        with self._lock:
            for id, text in batch.items():
                del self._waiting[id]
                self._waits -= len(text)
                self._seen[id] = now
            for id in dropped:
                self._seen.pop(id, None)
        return True

    def _shed(self, db: sqlite3.Connection, new: set[str]) -> list[str]:
        """Drop what is too old, then the oldest beyond the bound; the ids that went."""
        db.execute(_EXPIRE, (time.time() - self._oldest,))
        over = db.execute(_SIZE).fetchone()[0] - self._most_bytes
        dropped: list[str] = []
        for id, size in db.execute(_OLDEST).fetchall() if over > 0 else ():
            if over <= 0:
                break
            db.execute(_DROP, (id,))
            dropped.append(id)
            over -= size
        return dropped

    def _give_up(self, error: Exception) -> None:
        """What waits can still be recalled in this run; nothing new is taken."""
        self._usable = False
        log.warning("%s can't be written (%s); %s", self._path, error, _LOST)


def _packed(kept: tuple[str, str]) -> tuple[str, bytes]:
    id, text = kept
    return id, zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
