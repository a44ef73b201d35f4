"""The tables of a ledger that begins today: what all the steps of proxy.ledger.migrations come to.

Few starts need sqlite-utils then, its 0.15 s and 2 MB: only those on the ledger of an older build.
"""

import sqlite3
from datetime import UTC, datetime
from typing import Final

from proxy.ledger.rows import COLUMNS, DAILY_KEY, FIGURES, HOURLY_KEY, SESSIONS_KEY

STEPS: Final = (
    "001_exchanges_daily_sessions",
    "002_texts",
    "003_class_and_features",
    "004_as_came",
    "005_hours_and_sources",
)


def sums(name: str, key: tuple[str, ...]) -> str:
    """A table of sums by `key`; a sum is NULL while no exchange told its figure."""
    columns = [f"{column} TEXT NOT NULL" for column in key]
    columns += [f"{figure} NUMERIC" for figure in FIGURES]
    columns.append(f"PRIMARY KEY ({', '.join(key)})")
    return f"CREATE TABLE {name} ({', '.join(columns)}) WITHOUT ROWID"


_TABLES: Final = (
    f"CREATE TABLE exchanges ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})",
    "CREATE INDEX exchanges_at ON exchanges (at)",
    "CREATE INDEX exchanges_session_at ON exchanges (session, at)",
    *(
        f"CREATE INDEX exchanges_{by}_at ON exchanges ({by}, at)"
        for by in ("tier", "model", "client")
    ),
    sums("daily", DAILY_KEY),
    sums("sessions", SESSIONS_KEY),
    "CREATE INDEX sessions_session ON sessions (session)",
    sums("hourly", HOURLY_KEY),
    "CREATE TABLE texts (id TEXT PRIMARY KEY, request TEXT, answer TEXT)",
)
# As sqlite-utils notes which steps were taken.
_NOTED: Final = (
    'CREATE TABLE "_sqlite_migrations" '
    '("id" INTEGER PRIMARY KEY, "migration_set" TEXT, "name" TEXT, "applied_at" TEXT)',
    'CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name" '
    'ON "_sqlite_migrations" ("migration_set", "name")',
)
_NOTE: Final = (
    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ledger', ?, ?)"
)
_ANY: Final = "SELECT 1 FROM sqlite_master"
_STEPS: Final = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
_STEP: Final = "SELECT 1 FROM _sqlite_migrations WHERE migration_set = 'ledger' AND name = ?"


def begin(db: sqlite3.Connection) -> None:
    """Make all the tables, unless the file has tables already."""
    if db.execute(_ANY).fetchone():
        return
    with db:
        db.execute("BEGIN IMMEDIATE")  # another process may be about to do the same
        if db.execute(_ANY).fetchone():
            return
        for statement in (*_TABLES, *_NOTED):
            db.execute(statement)
        now = str(datetime.now(UTC))
        db.executemany(_NOTE, [(name, now) for name in STEPS])


def is_due(db: sqlite3.Connection) -> bool:
    """Whether the ledger is from an older build."""
    return not db.execute(_STEPS).fetchone() or not db.execute(_STEP, (STEPS[-1],)).fetchone()
