"""Tells if a ledger lacks a step, without sqlite-utils: few starts need its 0.15 s and 3 MB."""

import sqlite3
from typing import Final

NEWEST: Final = "005_hours_and_sources"  # the last step of proxy.ledger.migrations

_STEPS: Final = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
_STEP: Final = "SELECT 1 FROM _sqlite_migrations WHERE migration_set = 'ledger' AND name = ?"


def is_due(db: sqlite3.Connection) -> bool:
    """Whether the ledger is new, or from an older build."""
    return not db.execute(_STEPS).fetchone() or not db.execute(_STEP, (NEWEST,)).fetchone()
