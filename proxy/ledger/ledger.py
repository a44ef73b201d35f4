"""The SQLite record of every exchange, written by a thread of its own; trouble never spreads."""

import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue

from proxy.ledger.pending import Pending, left_behind
from proxy.ledger.rows import (
    COLUMNS,
    DAILY_KEY,
    FIGURES,
    HOURLY_KEY,
    SESSIONS_KEY,
    Value,
    columns_of,
    figures_of,
    keys_of,
)
from proxy.ledger.schema import begin, is_due
from proxy.loading import no_numpy
from proxy.private_db import FEW_PAGES, many, set_up
from proxy.record import Record

log = logging.getLogger(__name__)

MOST_WAITING = 5_000  # rows kept in memory, about 15 MB, while the file can't be written
MOST_TEXTS = 200  # texts that wait for the file, where the user wants them kept
MOST_AT_ONCE = 500  # rows in a transaction
RETRY = 1.0  # seconds
REST = 0.1  # seconds between writes: what a write costs beyond its rows, many rows share
BUSY = 2.0  # seconds to wait for another process's lock
# what a single row can cause
UNFIT = (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.DataError, TypeError, ValueError)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "journal_size_limit=16777216", FEW_PAGES)

Sums = dict[tuple[str, ...], tuple[Value, ...]]


def _adding(table: str, key: tuple[str, ...]) -> tuple[str, str]:
    """What stands before and after the values that are added to rows of sums; a figure not known
    leaves its sum as it is."""
    names = (*key, *FIGURES)
    sums = ", ".join(
        f"{name} = coalesce({name} + excluded.{name}, {name}, excluded.{name})" for name in FIGURES
    )
    return (
        f"INSERT INTO {table} ({', '.join(names)})",
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {sums}",
    )


INSERT = f"INSERT INTO exchanges ({', '.join(COLUMNS)})"
KEEP = "INSERT OR REPLACE INTO texts (id, request, answer) VALUES (?, ?, ?)"
ADD = (
    _adding("daily", DAILY_KEY),
    _adding("sessions", SESSIONS_KEY),
    _adding("hourly", HOURLY_KEY),
)


class Ledger:
    """Writes one row an exchange, within 0.1 s of its end, to the file at `path` (0600).

    Where the file can't be written, `problem` says why in one sentence, rows wait in memory, the
    oldest beyond 5,000 are dropped and counted in `dropped`, and writing is tried again every
    second. A damaged file is set aside under a dated name and a new one begun. One that is `asleep`
    opens its file once it is woken, or closed.
    """

    def __init__(self, path: Path, asleep: bool = False) -> None:
        self.path = path
        self.dropped = 0
        self._trouble = ""
        self._notice = ""
        self._ended: deque[Record] = deque()
        self._texts: deque[tuple[str, str, str]] = deque(maxlen=MOST_TEXTS)
        self._lock = threading.Lock()  # held while a row is noted, and while rows are collected
        self._pending = Pending(path, "a")  # of what has ended since
        self._collected = Pending(path, "b")
        self._left_behind = left_behind(path)
        self._bell: SimpleQueue[threading.Event | None] = SimpleQueue()
        self._rows: deque[Record] = deque()
        self._db: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        if not asleep:
            self.wake()

    def wake(self) -> None:
        """Begin, where that is yet to be done. To bring a file up to date takes a good part of a
        processor for a second: sqlite-utils is loaded."""
        if self._thread.ident is None:
            self._thread.start()

    @property
    def problem(self) -> str:
        """What keeps the ledger from writing, or befell its file; empty when all is well."""
        return self._trouble or self._notice

    def note(self, row: Record) -> None:
        """Take an exchange that ended, as a listener of the bus; the thread writes it."""
        if self._closing.is_set():
            return
        with self._lock:
            self._ended.append(row)
            self._pending.note(row)
        self._bell.put(None)

    def keep(self, id: str, request: bytes, answer: bytes) -> None:
        """Keep the text of an exchange, as its client sent and got it; only on the user's word."""
        self._texts.append((id, request.decode(errors="replace"), answer.decode(errors="replace")))

    def flush(self, timeout: float) -> bool:
        """Wait until what was published is written, or could not be; False if that took longer."""
        done = threading.Event()
        self._bell.put(done)
        return done.wait(timeout)

    def close(self, timeout: float) -> bool:
        """Write what is left and close the file; False if `timeout` seconds were too short."""
        self.wake()
        self._closing.set()
        self._bell.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    # From here on, everything runs in the ledger's thread.

    def _run(self) -> None:
        self._write()
        while not self._closing.wait(REST):
            waiting = self._wait()
            self._write()
            for done in waiting:
                done.set()
        self._write()
        self._let_go()
        if not self._rows:
            self._pending.close()
            self._collected.close()
        if self._rows:
            log.error("%d exchanges were not written to the ledger", len(self._rows))

    def _wait(self) -> list[threading.Event]:
        """Sleep until an exchange ends; give back who waits for a flush."""
        rung = []
        try:
            rung.append(self._bell.get(timeout=RETRY if self._rows or self._trouble else None))
            while True:
                rung.append(self._bell.get_nowait())
        except Empty:
            return [done for done in rung if done is not None]

    def _write(self) -> None:
        """Write every row there is, in a few transactions; keep them where that fails."""
        try:
            self._collect()
            if self._db is not None and not self._in_place():
                self._let_go()
            db = self._db or self._open()
            self._recover(db)
            while self._rows:
                self._take(db, list(islice(self._rows, MOST_AT_ONCE)))
            self._collected.clear()
            self._write_texts(db)
            self._say("")
        except Exception as error:
            self._failed(error)

    def _recover(self, db: sqlite3.Connection) -> None:
        """Take in what a killed process had not written; what it had is told by its id."""
        for path, rows in self._left_behind.items():
            for row in rows:
                known = "SELECT 1 FROM exchanges WHERE id = ?"
                if not db.execute(known, (row.id,)).fetchone():
                    self._rows.append(row)
            while self._rows:
                self._take(db, list(islice(self._rows, MOST_AT_ONCE)))
            path.unlink(missing_ok=True)
        self._left_behind = {}

    def _write_texts(self, db: sqlite3.Connection) -> None:
        texts = [self._texts.popleft() for _ in range(len(self._texts))]
        if texts:
            with db:
                db.executemany(KEEP, texts)

    def _collect(self) -> None:
        """Take what has ended. What ends from now on is noted in the other file, unless that one
        tells of rows that could not be written yet."""
        with self._lock:
            self._rows += self._ended
            self._ended.clear()
            if self._collected.empty:
                self._pending, self._collected = self._collected, self._pending
        while len(self._rows) > MOST_WAITING:
            self._rows.popleft()
            self.dropped += 1

    def _take(self, db: sqlite3.Connection, rows: list[Record]) -> None:
        """Write the first rows; one that no table can take must not keep the others waiting."""
        try:
            self._commit(db, rows)
        except UNFIT:
            for row in rows:
                try:
                    self._commit(db, [row])
                except UNFIT:
                    log.exception("exchange %s does not fit the ledger", row.id)
                    self._rows.popleft()
                    self.dropped += 1

    def _commit(self, db: sqlite3.Connection, rows: list[Record]) -> None:
        values = [(columns_of(row), keys_of(row), figures_of(row)) for row in rows]
        with db:
            many(db, INSERT, [columns for columns, _, _ in values])
            for number, (into, adding) in enumerate(ADD):
                sums = _summed((keys[number], figures) for _, keys, figures in values)
                many(db, into, [(*key, *added) for key, added in sums.items()], adding)
        for _ in rows:
            self._rows.popleft()

    def _in_place(self) -> bool:
        """Whether the open file is still the one at the path: someone may have deleted it."""
        try:
            return self._file == _identity(self.path)
        except OSError:
            return False

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        os.chmod(self.path, 0o600)
        self._file = _identity(self.path)
        self._db = db = sqlite3.connect(self.path, timeout=BUSY)
        set_up(db, PRAGMAS)
        begin(db)
        if is_due(db):
            _bring_up(db, self.path)
        return db

    def _let_go(self) -> None:
        if self._db is not None:
            db, self._db = self._db, None
            try:
                db.close()
            except sqlite3.Error as error:
                log.warning("the ledger did not close well: %s", error)

    def _failed(self, error: Exception) -> None:
        """Start afresh next time; a damaged file goes out of the way first."""
        self._let_go()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in DAMAGED:
            self._set_aside(error)
        else:
            self._say(f"{self.path} can't be written: {error}; exchanges wait in memory")

    def _set_aside(self, error: Exception) -> None:
        aside = self.path.with_name(f"{self.path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            for end in ("-wal", "-shm", ""):
                side = Path(f"{self.path}{end}")
                if side.exists():
                    side.rename(f"{aside}{end}")
        except OSError as refusal:
            self._say(f"{self.path} is damaged and can't be set aside: {refusal}")
            return
        self._notice = f"{self.path} was damaged ({error}); it is now {aside.name}, a new one began"
        log.error(self._notice)
        self._bell.put(None)

    def _say(self, trouble: str) -> None:
        """Log a trouble when it begins and when it is over, not each time."""
        if trouble and trouble != self._trouble:
            log.error("ledger: %s", trouble)
        elif self._trouble and not trouble:
            log.warning("ledger: writing again; %d exchanges were dropped", self.dropped)
        self._trouble = trouble


def _bring_up(db: sqlite3.Connection, path: Path) -> None:
    with no_numpy():
        from sqlite_utils import Database

        from proxy.ledger.upgrade import bring_up

    bring_up(Database(db), path)


def _identity(path: Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _summed(pairs: Iterable[tuple[tuple[str, ...], tuple[Value, ...]]]) -> Sums:
    sums: Sums = {}
    for key, figures in pairs:
        known = sums.get(key)
        sums[key] = figures if known is None else tuple(map(_add, known, figures))
    return sums


def _add(one: Value, other: Value) -> Value:
    if one is None or other is None:
        return other if one is None else one
    return one + other  # type: ignore[operator]
