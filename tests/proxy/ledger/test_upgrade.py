"""A ledger of an older build is brought up to date, and kept as it was beside it."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from proxy.ledger.history import savings, totals
from proxy.ledger.ledger import Ledger
from proxy.ledger.migrations import LEDGER
from proxy.ledger.upgrade import bring_up
from tests.proxy.told import NOON, feed, whole

FIGURES = 15  # that the second step summed up
LATER = (
    "cost_as_came",
    "money_by_rewriting",
    "saved_by_tools",
    "saved_by_results",
    "money_by_routing",
    "money_by_cache",
)


def older(path: Path) -> None:
    """A ledger that lacks all but the first two steps, with an exchange in it."""
    with closing(sqlite3.connect(path)) as connection:
        db = Database(connection)
        LEDGER.apply(db, stop_before="003_class_and_features")
        db.execute("ALTER TABLE exchanges DROP COLUMN features")
        for table, names in (
            ("exchanges", ("cost_as_came", "saved_by_results")),
            ("daily", LATER),
            ("sessions", LATER),
        ):
            for name in names:
                db.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
        db.execute(
            "INSERT INTO daily VALUES ('2026-11-20', 'SIMPLE', 'm', 'p', 'c'"
            + ", 1" * FIGURES
            + ")"
        )
        db.execute("INSERT INTO exchanges (id) VALUES ('kept')")
        connection.commit()


def test_it_is_migrated_after_a_copy_was_put_aside(tmp_path: Path):
    path = tmp_path / "ledger.db"
    older(path)
    with closing(sqlite3.connect(path)) as connection:
        bring_up(Database(connection), path)
        assert not LEDGER.pending(Database(connection))
        assert connection.execute("SELECT id, features FROM exchanges").fetchall() == [
            ("kept", None)
        ]
    backup = tmp_path / "ledger.db.before-003_class_and_features"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        names = {row[1] for row in connection.execute("PRAGMA table_info(exchanges)")}
        assert "features" not in names
        assert connection.execute("SELECT id FROM exchanges").fetchall() == [("kept",)]


def test_a_new_ledger_and_one_that_is_up_to_date_leave_no_copy(tmp_path: Path):
    path = tmp_path / "ledger.db"
    for _ in range(2):
        with closing(sqlite3.connect(path)) as connection:
            bring_up(Database(connection), path)
    assert [one.name for one in tmp_path.iterdir()] == ["ledger.db"]


def test_sums_of_an_older_build_are_read_and_added_to(tmp_path: Path):
    path = tmp_path / "ledger.db"
    older(path)
    before = totals(path)
    assert (before.requests, before.money_by_rewriting) == (1, None)
    ledger = Ledger(path)
    feed(ledger, whole("new"))
    assert ledger.flush(10) and ledger.close(5)
    after = totals(path)
    assert after.requests == 2
    assert after.money_by_rewriting == pytest.approx(0.0005)


def test_hours_and_what_saved_money_are_made_from_the_rows_of_an_older_build(tmp_path: Path):
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    feed(ledger, (*whole("a"), *whole("b", NOON + 3600)))
    assert ledger.close(10)
    known = {by: savings(path, by) for by in ("hour", "tier", "session")}
    with closing(sqlite3.connect(path)) as db:
        undo(db)
        bring_up(Database(db), path)
    for by, rows in known.items():
        for now, then in zip(savings(path, by), rows, strict=True):
            asked = "key requests money_by_routing money_by_cache".split()
            assert [getattr(now, name) for name in asked] == pytest.approx(
                [getattr(then, name) for name in asked]
            )
            assert now.saved_by_results is None or by == "hour"


def undo(db: sqlite3.Connection) -> None:
    """Take back the fifth step."""
    db.execute("DROP TABLE hourly")
    for name in ("tier", "model", "client"):
        db.execute(f"DROP INDEX exchanges_{name}_at")
    for table in ("daily", "sessions"):
        for column in LATER[2:]:
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = '005_hours_and_sources'")
    db.commit()
