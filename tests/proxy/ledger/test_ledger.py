"""The ledger: one row an exchange, and sums that equal the rows."""

import logging
import threading
import time

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.exchange import CacheState
from proxy.ledger.ledger import Ledger
from proxy.ledger.refill import made
from proxy.ledger.rows import COLUMNS, DAILY_KEY, FIGURES, HOURLY_KEY, SESSIONS_KEY
from tests.proxy.ledgers import ask, kept, one, tell
from tests.proxy.told import NOON, begun, completed, ended, failed, feed, whole

KEYS = {"daily": DAILY_KEY, "sessions": SESSIONS_KEY, "hourly": HOURLY_KEY}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "ledger.db"


@pytest.fixture
def ledger(path):
    opened = Ledger(path)
    yield opened
    opened.close(5)


@pytest.fixture(autouse=True)
def hear_everything(caplog):
    caplog.set_level(logging.WARNING)


ROW = {
    "id": "a",
    "at": NOON,
    "session": "s1",
    "client": "codex",
    "dialect": "anthropic",
    "asked_model": "claude-opus-5-5",
    "stream": 1,
    "turns": 3,
    "tier": "MEDIUM",
    "reason": "score",
    "provider": "local",
    "model": "model-medium",
    "status": 200,
    "state": "done",
    "score": 37.2,
    "steps": '["Scored."]',
    "system_before": 10,
    "tools_before": 20,
    "messages_before": 90,
    "tokens_before": 120,
    "system_after": 10,
    "tools_after": 10,
    "messages_after": 40,
    "tokens_after": 60,
    "saved_tokens": 60,
    "billed_input": 100,
    "billed_output": 20,
    "billed_cache_read": 5,
    "billed_cache_write": 7,
    "cache": "miss",
    "cache_why": "has tools",
    "cost": 0.001,
    "cost_asked": 0.003,
    "first_byte_ms": 12.5,
    "latency_ms": 100.0,
    "error": "",
    "stripped": '["WebSearch"]',
    "techniques": '["toon"]',
    "request_class": "",
    "features": None,
    "cost_as_came": 0.0015,
    "saved_by_results": 60,
}


def test_an_exchange_becomes_one_row_with_all_that_happened(ledger, path):
    usage = Usage(input=100, output=20, cache_read=5, cache_write=7)
    tell(ledger, *begun("a"), completed("a", usage=usage))
    row = one(path)
    assert orjson.loads(row.pop("parts"))["dimension0"] == [30.0, 0.08, 2.4]
    assert row == ROW


def test_what_nobody_knows_is_null_not_zero(ledger, path):
    tell(ledger, *begun("a"), completed("a", usage=Usage(output=3), cost=None, cost_asked=None))
    tell(ledger, *begun("b")[:1], failed("b"))
    first, second = one(path, "a"), one(path, "b")
    assert [first[name] for name in ("billed_input", "cost", "cost_asked")] == [None] * 3
    assert first["billed_output"] == 3
    assert [second[name] for name in ("tokens_before", "tokens_after", "score")] == [None] * 3
    assert (second["state"], second["error"]) == ("failed", "the provider hung up")


def test_an_exchange_still_open_has_no_row(ledger, path):
    tell(ledger, *begun("open"), *whole("done"))
    assert kept(path) == ["done"]


def test_only_the_user_can_read_the_file(path):
    path.parent.mkdir()
    path.touch(mode=0o644)
    ledger = Ledger(path)
    tell(ledger, *whole("a"))
    files = [path, *path.parent.glob("ledger.db-*")]
    assert len(files) == 3, "the write-ahead log and its index count too"
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    ledger.close(5)


def test_writers_do_not_keep_readers_out(ledger, path):
    tell(ledger, *whole("a"))
    assert ask(path, "PRAGMA journal_mode") == [("wal",)]


def test_no_column_could_hold_a_prompt():
    assert not {"prompt", "text", "body", "messages", "request", "answer"} & COLUMNS.keys()


def test_a_ledger_goes_on_where_the_last_one_stopped(path):
    for id in ("a", "b"):
        ledger = Ledger(path)
        tell(ledger, *whole(id))
        assert ledger.close(5)
    assert kept(path) == ["a", "b"]
    names = [name for (name,) in ask(path, "SELECT name FROM _sqlite_migrations")]
    assert names == [
        "001_exchanges_daily_sessions",
        "002_texts",
        "003_class_and_features",
        "004_as_came",
        "005_hours_and_sources",
    ]
    assert ask(path, "SELECT sum(requests) FROM daily") == [(2,)]


def test_close_writes_what_is_left_and_ends_the_thread(path):
    ledger = Ledger(path)
    for number in range(2_000):
        feed(ledger, whole(f"{number:04}"))
    assert ledger.close(20)
    assert len(kept(path)) == 2_000
    assert "ledger" not in {thread.name for thread in threading.enumerate()}
    assert not path.with_name("ledger.db-wal").exists(), "nothing is left to be recovered"


def test_events_after_the_close_are_not_hoarded(ledger):
    ledger.close(5)
    feed(ledger, whole("late"))
    assert not ledger._ended


def test_a_burst_is_written_in_order_and_memory_is_empty_afterwards(ledger, path):
    ids = [f"{number:05}" for number in range(3_000)]
    tell(ledger, *(event for id in ids for event in whole(id)))
    assert kept(path) == ids
    assert not ledger._ended and not ledger._rows
    assert ledger.dropped == 0 and ledger.problem == ""


def test_what_is_written_is_noted_no_longer_though_exchanges_never_pause(ledger, path):
    assert ledger.flush(10)  # it is open
    rows = list(ended(event for n in range(500) for event in whole(str(n))))
    most = 0
    for row in rows:
        ledger.note(row)
        threading.Event().wait(0.002)
        most = max(most, sum(file.stat().st_size for file in path.parent.glob("*.pending")))
    assert 0 < most < sum(len(encode(row)) for row in rows) / 2


def test_taking_note_of_an_exchange_takes_microseconds(ledger):
    events = [event for number in range(1_000) for event in whole(str(number))]
    began = time.thread_time()  # the caller's own work, whatever else the machine does
    feed(ledger, events)
    assert (time.thread_time() - began) / len(events) < 50e-6


figures = st.one_of(st.none(), st.integers(0, 10**9))
dollars = st.one_of(st.none(), st.floats(0, 100))


@settings(max_examples=15, deadline=None)
@given(
    told=st.lists(
        st.tuples(
            st.sampled_from(Tier),
            st.integers(0, 3),  # days
            figures,
            figures,
            dollars,
            dollars,
            dollars,
            st.booleans(),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_sums_by_day_by_hour_and_by_session_always_equal_the_rows(told, tmp_path_factory):
    path = tmp_path_factory.mktemp("sums") / "ledger.db"
    ledger = Ledger(path)
    for number, (tier, day, tokens_in, read, cost, asked, came, fails) in enumerate(told):
        id, at = str(number), NOON + day * 86_400
        usage = Usage(input=tokens_in, cache_read=read)
        end = failed(id, at) if fails else completed(id, at, usage, cost, asked, came)
        feed(ledger, (*begun(id, at, f"s{number % 3}", tier), end))
        if number % 7 == 0:
            ledger.flush(10)  # several transactions
    assert ledger.close(10)
    for table, key in KEYS.items():
        sums = ask(path, f"SELECT {', '.join((*key, *FIGURES))} FROM {table}")
        rows = ask(path, made(key, tuple(FIGURES)))
        for summed, anew in zip(sorted(sums), sorted(rows), strict=True):
            assert summed[: len(key)] == anew[: len(key)]
            assert summed[len(key) :] == pytest.approx(anew[len(key) :])


def test_the_day_is_the_users_own(path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        ledger = Ledger(path)
        tell(ledger, *whole("a", at=1_795_043_400.0))  # 18 November, 23:10 UTC
        ledger.close(5)
        assert ask(path, "SELECT day FROM daily") == [("2026-11-19",)]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_unknown_figure_leaves_a_sum_as_it_is(ledger, path):
    tell(ledger, *begun("a"), completed("a", cost=None))
    assert ask(path, "SELECT cost, money_saved, priced FROM daily") == [(None, None, 0)]
    tell(ledger, *begun("b"), completed("b"))
    tell(ledger, *begun("c"), completed("c", cost=None))
    ((cost, saved, priced),) = ask(path, "SELECT cost, money_saved, priced FROM daily")
    assert (cost, saved, priced) == (0.001, pytest.approx(0.002), 1)


def test_the_figures_that_are_summed_are_those_that_history_reads():
    from proxy.ledger import history

    assert tuple(FIGURES) == history.FIGURES


def test_cache_hits_are_counted(ledger, path):
    from proxy.events import CacheHit

    hit = CacheHit(id="a", at=NOON, cache=CacheState("exact", "same request"))
    tell(ledger, *begun("a")[:3], hit, completed("a"))
    assert ask(path, "SELECT cache_hits FROM daily") == [(1,)]


def test_money_is_saved_by_a_route_or_by_the_cache(ledger, path):
    from proxy.events import CacheHit

    hit = CacheHit(id="a", at=NOON, cache=CacheState("exact", "same request"))
    tell(ledger, *begun("a")[:3], hit, completed("a", cost=0.0, cost_asked=0.5), *whole("b"))
    ((routing, cache, saved),) = ask(
        path, "SELECT money_by_routing, money_by_cache, money_saved FROM daily"
    )
    assert (routing, cache) == pytest.approx((0.002, 0.5))
    assert saved == pytest.approx(0.502)
