"""Kept answers come back, from memory and from the file, and a bad file hurts nobody."""

import logging
import sqlite3
import stat
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.cache.answers import pack
from proxy.cache.exact import ExactCache
from proxy.dialects.model import Answer, Text, Thinking, Usage


def answer(text: str = "two") -> Answer:
    return Answer("a1", "m", [Text(text)], "end_turn", Usage(10, 2), "")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def opened(path: Path, **more: Any) -> Iterator[ExactCache]:
    cache = ExactCache(path, **more)
    cache.start()
    try:
        yield cache
    finally:
        cache.close()


def until(check: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not check():
        assert time.monotonic() < end, "it never came to be"
        threading.Event().wait(0.005)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "cache.db"


def test_an_answer_comes_back_the_same(path: Path) -> None:
    with opened(path) as cache:
        assert cache.get(b"k") is None
        assert cache.put(b"k", answer())
        assert cache.get(b"k") == answer()
        assert cache.get(b"other") is None


def test_nobody_can_change_what_is_kept(path: Path) -> None:
    with opened(path) as cache:
        given = answer()
        cache.put(b"k", given)
        given.blocks.clear()
        first = cache.get(b"k")
        assert first is not None
        first.blocks.clear()
        assert cache.get(b"k") == answer()


def test_thinking_and_extras(path: Path) -> None:
    kept = Answer(
        "a", "m", [Thinking("hm", "sig"), Text("x", {"citations": []})], "end_turn", Usage()
    )
    with opened(path) as cache:
        cache.put(b"k", kept)
        found = cache.get(b"k")
        assert found is not None and found.blocks == [Text("x", {"citations": []})]


def test_cut_answers_and_empty_keys_are_not_kept(path: Path) -> None:
    with opened(path) as cache:
        assert not cache.put(b"k", Answer("a", "m", [Text("x")], "max_tokens", Usage()))
        assert not cache.put(b"", answer())
        assert len(cache) == 0


def test_answers_outlive_a_restart(path: Path) -> None:
    with opened(path) as cache:
        for n in range(50):
            cache.put(bytes([n]), answer(f"text {n}"))
    with opened(path) as cache:
        until(lambda: len(cache) == 50)
        assert cache.get(b"\x07") == answer("text 7")


def test_a_put_reaches_the_file_without_a_close(path: Path) -> None:
    with opened(path) as cache:
        cache.put(b"k", answer())
        until(lambda: path.exists() and rows(path) == 1)


def rows(path: Path) -> int:
    db = sqlite3.connect(path)
    try:
        return int(db.execute("SELECT count(*) FROM answers").fetchone()[0])
    except sqlite3.Error:
        return -1
    finally:
        db.close()


def test_the_file_is_its_owners_alone(path: Path) -> None:
    with opened(path) as cache:
        cache.put(b"k", answer())
        until(lambda: path.exists() and rows(path) == 1)
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_old_answers_are_gone_in_memory_and_in_the_file(path: Path) -> None:
    clock = Clock()
    with opened(path, ttl=60, clock=clock) as cache:
        cache.put(b"k", answer())
        cache.put(b"never asked again", answer())
        clock.now += 61
        assert cache.get(b"k") is None
    assert rows(path) == 1
    with opened(path, ttl=60, clock=clock) as cache:
        until(lambda: rows(path) == 0)
        assert len(cache) == 0


def test_the_least_recently_used_goes_first(path: Path) -> None:
    with opened(path, max_entries=2) as cache:
        cache.put(b"a", answer())
        cache.put(b"b", answer())
        cache.get(b"a")
        cache.put(b"c", answer())
        assert cache.get(b"b") is None
        assert cache.get(b"a") and cache.get(b"c")
    assert rows(path) == 2


def test_bytes_are_bounded(path: Path) -> None:
    with opened(path, max_bytes=20_000) as cache:
        for n in range(20):
            cache.put(bytes([n]), answer("x" * 3_000))
        assert len(cache) == 6
        assert not cache.put(b"huge", answer("x" * 30_000))
        for _ in range(100):
            cache.put(b"same", answer("x" * 3_000))
        assert len(cache) == 6


def test_of_a_file_that_is_too_large_the_newest_are_loaded(path: Path) -> None:
    clock = Clock()
    with opened(path, clock=clock) as cache:
        for n in range(10):
            clock.now += 1
            cache.put(bytes([n]), answer(str(n)))
    with opened(path, clock=clock, max_entries=3) as cache:
        until(lambda: rows(path) == 3)
        assert [n for n in range(10) if cache.get(bytes([n]))] == [7, 8, 9]


def test_what_is_dropped_or_cleared_leaves_memory_and_file(path: Path) -> None:
    with opened(path) as cache:
        cache.put(b"a", answer("first secret"))
        cache.put(b"b", answer("second secret"))
        cache.drop(b"a")
        cache.drop(b"unknown")
        assert cache.get(b"a") is None and cache.get(b"b")
        cache.clear()
        assert cache.get(b"b") is None
    assert rows(path) == 0
    assert all(b"secret" not in file.read_bytes() for file in path.parent.iterdir())


def test_a_clear_before_the_file_is_loaded_holds(path: Path) -> None:
    with opened(path) as cache:
        cache.put(b"a", answer())
    with opened(path) as cache:
        cache.clear()
    assert rows(path) == 0 and cache.get(b"a") is None


def test_an_answer_dropped_before_the_file_is_loaded_does_not_come_back(path: Path) -> None:
    with opened(path) as cache:
        cache.put(b"a", answer("an earlier run's"))
        cache.put(b"b", answer())
    cache = ExactCache(path)
    cache.put(b"a", answer("this run's"))
    cache.drop(b"a")
    cache.start()
    until(lambda: cache.get(b"b"))
    assert cache.get(b"a") is None
    cache.close()
    assert rows(path) == 1


@pytest.mark.parametrize(
    "content", [b"this is not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5_000]
)
def test_a_corrupt_file_is_set_aside(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with opened(path) as cache:
        cache.put(b"k", answer())
        assert cache.get(b"k")
    assert rows(path) == 1
    (aside,) = path.parent.glob("cache.db.broken-*")
    assert aside.read_bytes() == content
    assert "set aside" in caplog.text


def test_a_file_of_another_version_is_set_aside(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with opened(path) as cache:
        cache.put(b"k", answer())
    assert rows(path) == 1 and "version 99" in caplog.text


def test_rows_that_are_no_answers_are_dropped(path: Path) -> None:
    with opened(path) as cache:
        cache.put(b"good", answer())
    db = sqlite3.connect(path)
    for key, body in ((b"1", b"nonsense"), (b"2", b"{}"), (b"3", b"[1]"), (b"4", None)):
        db.execute("INSERT INTO answers VALUES (?, 9e9, ?)", (key, body))
    db.commit()
    db.close()
    with opened(path) as cache:
        until(lambda: rows(path) == 1)
        assert len(cache) == 1 and cache.get(b"good")


def test_a_locked_file_is_left_alone(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir()
    holder = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with opened(path) as cache:
        cache.put(b"k", answer())
        assert cache.get(b"k")
        until(lambda: "locked" in caplog.text)
    holder.execute("ROLLBACK")
    holder.close()
    assert [file.name for file in path.parent.iterdir()] == ["cache.db"]


def test_a_place_that_cant_be_written_is_told_and_hurts_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING), opened(tmp_path / "file" / "cache.db") as cache:
        cache.put(b"k", answer())
        assert cache.get(b"k")
        until(lambda: "can't be opened" in caplog.text)
    (tmp_path / "cache.db").mkdir()
    with opened(tmp_path / "cache.db") as cache:
        cache.put(b"k", answer())
        assert cache.get(b"k")


def test_a_file_that_breaks_while_it_is_used_is_told_and_hurts_nobody(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(path) as cache:
        cache.put(b"a", answer())
        until(lambda: path.exists() and rows(path) == 1)
        db = sqlite3.connect(path)
        db.execute("DROP TABLE answers")
        db.close()
        cache.put(b"b", answer())
        until(lambda: "can't be written" in caplog.text)
        cache.put(b"c", answer())
        assert cache.get(b"a") and cache.get(b"b") and cache.get(b"c")


def test_two_processes_may_share_a_file(path: Path) -> None:
    with opened(path) as one, opened(path) as other:
        one.put(b"a", answer("a"))
        other.put(b"b", answer("b"))
    assert rows(path) == 2


def test_it_works_before_it_is_started_and_after_it_is_closed(path: Path) -> None:
    cache = ExactCache(path)
    cache.put(b"k", answer())
    assert cache.get(b"k")
    cache.close()
    assert not path.exists()
    cache.start()
    cache.close()
    assert rows(path) == 1
    assert cache.get(b"k")


def test_a_hit_takes_microseconds(path: Path) -> None:
    with opened(path) as cache:
        cache.put(b"k", answer("word " * 400))
        best = min(_timed(lambda: cache.get(b"k")) for _ in range(300))
    assert best < 0.0001


def _timed(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def test_what_is_kept_takes_no_more_memory_than_it_must() -> None:
    tracemalloc.start()
    try:
        kept = [pack(answer(str(n))) for n in range(1_000)]
        assert tracemalloc.get_traced_memory()[0] < 1_000 * (len(kept[0]) + 100)
    finally:
        tracemalloc.stop()


def test_what_is_too_old_leaves_memory_and_file_within_the_hour(path: Path) -> None:
    clock = Clock()
    with opened(path, ttl=60, clock=clock) as cache:
        cache.put(b"old", answer("old"))
        clock.now += 3_600
        cache.put(b"new", answer("new"))
        assert len(cache) == 1
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT key FROM answers").fetchall() == [(b"new",)]
    db.close()
