"""Files that several open at once; many rows at once: few statements, so that a busy loop lets
their thread through."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.private_db import many, open_private


@pytest.fixture
def db():
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE TABLE sums (name TEXT PRIMARY KEY, times INTEGER)")
    yield opened
    opened.close()


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9)), unique_by=lambda row: row[0]))
def test_all_rows_arrive_and_are_added_to_those_that_stand(rows):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE sums (name TEXT PRIMARY KEY, times INTEGER)")
    for _ in range(2):
        adding = "ON CONFLICT (name) DO UPDATE SET times = times + excluded.times"
        many(db, "INSERT INTO sums (name, times)", rows, adding)
    doubled = {name: 2 * times for name, times in rows}
    assert dict(db.execute("SELECT name, times FROM sums")) == doubled
    db.close()


def test_five_hundred_rows_take_few_statements_of_few_sizes(db):
    said: list[str] = []
    db.set_trace_callback(said.append)
    for count in (500, 499, 37):
        many(db, "INSERT OR REPLACE INTO sums", [(str(n), n) for n in range(count)])
    inserts = [line.count("(") for line in said if line.startswith("INSERT")]
    assert len(inserts) < 25
    assert len(set(inserts)) < 10


def test_a_row_of_many_columns_stays_within_what_any_sqlite_takes(db):
    names = ", ".join(f"c{n}" for n in range(600))
    db.execute(f"CREATE TABLE wide ({names})")
    many(db, "INSERT INTO wide", [tuple(range(600))] * 3)
    assert db.execute("SELECT count(*), sum(c599) FROM wide").fetchone() == (3, 3 * 599)


def test_a_row_that_does_not_fit_is_told_and_nothing_of_its_statement_stands(db):
    with pytest.raises(sqlite3.IntegrityError), db:
        many(db, "INSERT INTO sums", [("a", 1), ("a", 2)])
    assert db.execute("SELECT count(*) FROM sums").fetchone() == (0,)


def prepare(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS a (b)")


def test_a_new_file_is_opened_by_all_who_begin_it_at_once(tmp_path: Path):
    start = Barrier(3)

    def begin(number: int) -> sqlite3.Connection | None:
        start.wait()
        return open_private(tmp_path / f"{number}.db", prepare, "")

    with ThreadPoolExecutor(3) as pool:
        for number in range(100):
            opened = list(pool.map(begin, [number] * 3))
            assert None not in opened
            for db in filter(None, opened):
                db.close()
