"""The ledger's tables, one numbered step after the other; a step that was released never changes.
What they come to stands in proxy.ledger.schema.

Import it off the loop: sqlite-utils takes 0.15 s.
"""

from sqlite_utils import Database, Migrations

from proxy.ledger.refill import FILLED, filled, refilled
from proxy.ledger.rows import COLUMNS, DAILY_KEY, HOURLY_KEY, SESSIONS_KEY
from proxy.ledger.schema import sums

LEDGER = Migrations("ledger")

_SOURCES = ("saved_by_tools", "saved_by_results", *FILLED)
_BY_REWRITING = ("cost_as_came", "money_by_rewriting")


@LEDGER(name="001_exchanges_daily_sessions")
def exchanges_daily_sessions(db: Database) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    db.execute(f"CREATE TABLE exchanges ({columns})")
    db.execute("CREATE INDEX exchanges_at ON exchanges (at)")
    db.execute("CREATE INDEX exchanges_session_at ON exchanges (session, at)")
    db.execute(sums("daily", DAILY_KEY))
    db.execute(sums("sessions", SESSIONS_KEY))
    db.execute("CREATE INDEX sessions_session ON sessions (session)")


@LEDGER(name="002_texts")
def texts(db: Database) -> None:
    db.execute("CREATE TABLE texts (id TEXT PRIMARY KEY, request TEXT, answer TEXT)")


@LEDGER(name="003_class_and_features")
def class_and_features(db: Database) -> None:
    """Columns that a ledger begun by an older build lacks."""
    _add(db, "exchanges", {"request_class": "TEXT", "features": "TEXT"})


@LEDGER(name="004_as_came")
def as_came(db: Database) -> None:
    """What rewriting saved in dollars: of an exchange, and as a sum."""
    _add(db, "exchanges", {"cost_as_came": "REAL"})
    for table in ("daily", "sessions"):
        _add(db, table, dict.fromkeys(_BY_REWRITING, "NUMERIC"))


@LEDGER(name="005_hours_and_sources")
def hours_and_sources(db: Database) -> None:
    """Sums by hour, what saved it, and the exchanges behind a tier, a model or a client."""
    _add(db, "exchanges", {"saved_by_results": "INTEGER"})
    db.execute(sums("hourly", HOURLY_KEY))
    db.execute(filled("hourly", HOURLY_KEY))
    for table, key in (("daily", DAILY_KEY), ("sessions", SESSIONS_KEY)):
        _add(db, table, dict.fromkeys(_SOURCES, "NUMERIC"))
        db.execute(refilled(table, key))
    for name in ("tier", "model", "client"):
        db.execute(f"CREATE INDEX exchanges_{name}_at ON exchanges ({name}, at)")


def _add(db: Database, table: str, columns: dict[str, str]) -> None:
    """Add columns, as far as the table has none of their names."""
    have = {row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()}
    for name, kind in columns.items():
        if name not in have:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
