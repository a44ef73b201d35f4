"""Brings the ledger of an older build up to date, after a copy of it was put aside.

Import it off the loop: sqlite-utils takes 0.15 s.
"""

import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from proxy.ledger.migrations import LEDGER

log = logging.getLogger(__name__)


def bring_up(db: Database, path: Path) -> None:
    """Apply the steps that the ledger at `path` lacks. What stood there is kept beside it, readable
    by its owner alone, under the name of the first step that it lacked."""
    pending = LEDGER.pending(db)
    if pending and any(True for _ in LEDGER.applied(db)):
        backup = path.with_name(f"{path.name}.before-{pending[0].name}")
        _copy(db.conn, backup)
        log.warning("the ledger is from an older build; as it was, it is kept in %s", backup.name)
    LEDGER.apply(db)


def _copy(source: sqlite3.Connection, path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
