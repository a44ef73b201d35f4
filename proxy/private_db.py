"""SQLite files that only their owner can read: opened, begun anew where broken, written."""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

BUSY: Final = 1.0  # seconds to wait for another process that holds the file
_SIDE_FILES: Final = ("", "-wal", "-shm")
_MOST_VALUES: Final = 900  # in one statement; SQLite took 999 for long
FEW_PAGES: Final = "cache_size = -500"  # KB; the system keeps the file's pages as well
_SETTINGS: Final = ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON", FEW_PAGES)


def open_private(
    path: Path, prepare: Callable[[sqlite3.Connection], None], lost: str
) -> sqlite3.Connection | None:
    """The file, prepared; None where it can't be used.

    A corrupt one is renamed and a new one begun; one that is locked or can't be written is left
    alone. Either is logged; `lost` says there what that means.
    """
    for _ in range(2):
        try:
            return _connect(path, prepare)
        except sqlite3.OperationalError as error:
            log.warning("%s can't be used (%s); %s", path, error, lost)
            return None
        except sqlite3.DatabaseError as error:
            if not set_aside(path, error, lost):
                return None
        except OSError as error:
            log.warning("%s can't be opened (%s); %s", path, error, lost)
            return None
    return None


def many(
    db: sqlite3.Connection, before: str, rows: Sequence[Sequence[object]], after: str = ""
) -> None:
    """Run a statement on many `rows`: `before` is what stands before VALUES, `after` what follows.

    Many rows make a statement. After each the thread has to get the interpreter's lock back, and
    where the loop is busy that takes 5 ms: row by row, 200 a second were the most.
    """
    at = 0
    while at < len(rows):
        width = len(rows[at])
        size = min(len(rows) - at, max(_MOST_VALUES // width, 1))
        size = 1 << (size.bit_length() - 1)  # few sizes: each is a statement to be kept
        one = f"({', '.join('?' * width)})"
        values = tuple(chain.from_iterable(rows[at : at + size]))
        db.execute(f"{before} VALUES {', '.join([one] * size)} {after}", values)
        at += size


def emptied(path: Path, db: sqlite3.Connection | None) -> None:
    """Call it after all rows were deleted: what was deleted leaves the file's journal as well, and
    broken files that were set aside are removed."""
    if db is not None:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for aside in path.parent.glob(f"{path.name}.broken-*"):
        aside.unlink(missing_ok=True)


def empty(path: Path, table: str) -> int:
    """Delete a table's rows, in a file that another process may have open; how many there were.

    Raises sqlite3.Error where that can't be.
    """
    if not path.exists():
        emptied(path, None)
        return 0
    with closing(sqlite3.connect(path, timeout=BUSY, isolation_level=None)) as db:
        set_up(db)
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
            return 0
        rows = db.execute(f"DELETE FROM {table}").rowcount
        emptied(path, db)
        return rows


def _connect(path: Path, prepare: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
    db = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
    try:
        set_up(db)
        prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def set_up(db: sqlite3.Connection, settings: Iterable[str] = _SETTINGS) -> None:
    """Apply a file's settings. Blocks for a second at most: SQLite itself does not wait where two
    begin the journal of a new file at once."""
    latest = time.monotonic() + BUSY
    while True:
        try:
            for line in settings:
                db.execute(f"PRAGMA {line}").fetchall()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > latest:
                raise
        time.sleep(0.01)  # noqa: TID251  # files are opened in threads


def set_aside(path: Path, error: Exception, lost: str) -> bool:
    """Rename a broken database, with its side files; whether that could be done. `lost` says what
    is gone with it."""
    aside = path.with_name(f"{path.name}.broken-{int(time.time())}")
    try:
        for end in _SIDE_FILES:
            if (found := Path(f"{path}{end}")).exists():
                found.rename(f"{aside}{end}")
    except OSError as failed:
        log.warning("%s is broken (%s) and can't be moved (%s); %s", path, error, failed, lost)
        return False
    log.warning("%s is broken (%s); set aside as %s", path, error, aside.name)
    return True
