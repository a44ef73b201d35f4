"""A ledger that begins today is what all the steps come to."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Thread

from sqlite_utils import Database

from proxy.ledger.migrations import LEDGER
from proxy.ledger.schema import STEPS, begin, is_due


def made_of(db: sqlite3.Connection) -> dict[str, str]:
    """What stands in the file, by name, its blanks made the same."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: "".join(sql.split()) for name, sql in rows}


def test_a_new_ledger_is_what_the_steps_make():
    with closing(sqlite3.connect(":memory:")) as new, closing(sqlite3.connect(":memory:")) as old:
        begin(new)
        LEDGER.apply(Database(old))
        assert made_of(new) == made_of(old)
        assert not is_due(new) and not is_due(old)
        assert not LEDGER.pending(Database(new))
        assert [step.name for step in LEDGER.applied(Database(new))] == list(STEPS)


def test_a_ledger_that_stands_is_left_alone():
    with closing(sqlite3.connect(":memory:")) as db:
        LEDGER.apply(Database(db), stop_before=STEPS[2])
        before = made_of(db)
        begin(db)
        assert made_of(db) == before
        assert is_due(db)


def test_processes_that_begin_one_together_make_one(tmp_path: Path):
    failed: list[Exception] = []

    def work() -> None:
        try:
            with closing(sqlite3.connect(tmp_path / "ledger.db", timeout=10)) as db:
                begin(db)
        except sqlite3.Error as error:
            failed.append(error)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        assert not is_due(db)
