"""Entries outlast a restart, grow old, make room, and stand in one private file."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.cache.semantic import entries as module
from proxy.cache.semantic.entries import Entries
from tests.proxy.cache.semantic.senses import beside, sense

HERE, THERE = b"h" * 32, b"t" * 32
DAY = 86_400.0


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def opened(path: Path, **more: Any) -> Iterator[Entries]:
    found = Entries(path, more.pop("model", ""), more.pop("ttl", DAY), **more)
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "semantic.db"


def nearest(entries: Entries, text: str) -> int:
    return entries.near(HERE, sense(text), 1)[0][0]


def test_a_question_comes_back_with_all_its_vectors_after_a_restart(path: Path):
    asked = sense("how do I sort")
    with opened(path) as entries:
        entries.put(HERE, asked, b"so")
        entries.note(nearest(entries, asked.text), (0.9, True))
    with opened(path) as entries:
        id = nearest(entries, asked.text)
        found = entries.read(id)
        assert found is not None
        assert (found[0].text, found[0].spans, found[1]) == (asked.text, asked.spans, b"so")
        assert (found[0].vector == asked.vector).all() and (found[0].tokens == asked.tokens).all()
        assert entries.outcomes(id) == [(0.9, True)]


def test_a_partition_sees_its_own_entries_alone(path: Path):
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
        assert HERE in entries and THERE not in entries
        assert entries.near(THERE, sense("one"), 5) == []


def test_the_same_question_takes_the_place_of_the_answer_and_keeps_what_was_learned(path: Path):
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
        id = nearest(entries, "one")
        entries.note(id, (0.8, False))
        entries.put(HERE, sense("one"), b"2")
        found = entries.read(id)
        assert len(entries) == 1 and found is not None and found[1] == b"2"
        assert entries.outcomes(id) == [(0.8, False)]


def test_entries_of_another_model_are_not_compared_nor_lost(path: Path):
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
    with opened(path, model="/other") as entries:
        assert len(entries) == 0 and HERE not in entries
    with opened(path) as entries:
        assert len(entries) == 1


def test_an_old_entry_is_not_given_and_goes_at_the_next_start(path: Path):
    clock = Clock()
    with opened(path, clock=clock, ttl=60) as entries:
        entries.put(HERE, sense("one"), b"1")
        clock.now += 61
        assert entries.read(nearest(entries, "one")) is None
    with opened(path, clock=clock, ttl=60) as entries:
        assert len(entries) == 0


def test_what_is_too_old_leaves_the_file_within_the_hour(path: Path):
    clock = Clock()
    with opened(path, clock=clock, ttl=60) as entries:
        entries.put(HERE, sense("one"), b"1")
        clock.now += module.SWEEP
        entries.put(HERE, sense("two"), b"2")
        assert len(entries) == 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT text FROM entries").fetchall() == [("two",)]


def test_room_is_made_by_the_least_recently_used(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST", 20)
    clock = Clock()
    with opened(path, clock=clock) as entries:
        for n in range(20):
            clock.now += 1
            entries.put(HERE, sense("word " * (n + 1)), b"%d" % n)
        clock.now += 1
        entries.used(nearest(entries, "word "))
        clock.now += 1
        entries.put(HERE, sense("one more of them all"), b"new")
        assert len(entries) == 20
        kept = {entries.read(id)[1] for id, _ in entries.near(HERE, sense("x"), 99)}  # type: ignore[index]
        assert b"0" in kept and b"new" in kept and b"1" not in kept
    with opened(path, clock=clock) as entries:
        assert len(entries) == 20


def test_room_is_made_by_size_too(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_BYTES", 100_000)
    with opened(path) as entries:
        for n in range(9):
            entries.put(HERE, sense("word " * (n + 1)), b"x" * 30_000)
        assert 1 <= len(entries) <= 3


def test_an_answer_that_grew_counts_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_BYTES", 100_000)
    with opened(path) as entries:
        for size in (10, 60_000):
            for text in ("one", "two"):
                entries.put(HERE, sense(text), b"x" * size)
        assert len(entries) == 1


def test_an_evicted_answer_is_gone_and_what_was_learned_stays(path: Path):
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
        id = nearest(entries, "one")
        entries.note(id, (0.9, False))
        entries.evict(id)
        assert entries.read(id) is None
        entries.put(HERE, sense("one"), b"2")
        assert nearest(entries, "one") == id and entries.outcomes(id) == [(0.9, False)]


def test_one_question_can_be_forgotten(path: Path):
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
        entries.put(THERE, sense("one"), b"2")
        entries.forget(HERE, "one")
        assert entries.read(nearest(entries, "one")) is None
        assert entries.read(entries.near(THERE, sense("one"), 1)[0][0]) is not None


def test_the_file_is_its_owners_alone_and_empty_once_cleared(path: Path):
    with opened(path) as entries:
        entries.put(HERE, sense("a secret of mine"), b"answer of yours")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert entries.clear() == 1 and len(entries) == 0
        assert entries.near(HERE, sense("a secret of mine"), 5) == []
        left = b"".join(one.read_bytes() for one in path.parent.iterdir())
        assert b"secret" not in left and b"of yours" not in left


def test_a_broken_file_is_set_aside(path: Path, caplog: pytest.LogCaptureFixture):
    path.parent.mkdir()
    path.write_bytes(b"no database" * 999)
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
        assert len(entries) == 1
    assert "is broken" in caplog.text
    assert list(path.parent.glob("semantic.db.broken-*"))


def test_rows_that_make_no_sense_are_set_aside_too(path: Path):
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE entries SET outcomes = 'nonsense', vector = x'00'")
    with opened(path) as entries:
        assert entries.usable
        entries.put(HERE, sense("two"), b"2")


def test_a_locked_file_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("proxy.private_db.BUSY", 0.05)
    with opened(path) as entries:
        entries.put(HERE, sense("one"), b"1")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with opened(path) as entries:
            assert not entries.usable
            entries.put(HERE, sense("two"), b"2")
            assert entries.near(HERE, sense("two"), 1) == []
    with opened(path) as entries:
        assert len(entries) == 1


def test_near_tells_the_cosine(path: Path):
    one = sense("one")
    with opened(path) as entries:
        entries.put(HERE, one, b"1")
        [(_, cosine)] = entries.near(HERE, sense("other", beside(one.vector, 0.8)), 5)
        assert abs(cosine - 0.8) < 0.01
