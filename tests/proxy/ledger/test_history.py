"""Savings read back: every view adds up to the same totals, and reading never writes."""

import sqlite3
import time
from datetime import date, timedelta

import pytest

from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.ledger import history
from proxy.ledger.history import BY, Saving, exchange, recent, savings, totals
from proxy.ledger.ledger import Ledger
from tests.proxy.told import begun, completed, failed, feed

DAY = 86_400
MONDAY = date(2026, 11, 30)


def at(day):
    """Noon of a local day."""
    return time.mktime(day.timetuple()) + DAY / 2


@pytest.fixture
def path(tmp_path):
    """Ten days from a Monday to the Wednesday after, over the end of a month."""
    path = tmp_path / "ledger # of ?one user.db"  # characters that mean something in a URI
    ledger = Ledger(path)
    for number in range(20):
        day = MONDAY + timedelta(days=number // 2)
        id, tier = f"{number:02}", Tier(number % 4)
        events = begun(id, at(day), f"s{number % 3}", tier, ("codex", "aider")[number % 2])
        end = failed(id, at(day)) if number == 7 else completed(id, at(day))
        feed(ledger, (*events, end))
    assert ledger.close(10)
    return path


@pytest.mark.parametrize("by", BY)
def test_every_view_adds_up_to_the_totals(path, by):
    rows, total = savings(path, by), totals(path)
    for name in history.FIGURES:
        found = sum(getattr(row, name) or 0 for row in rows)
        assert found == pytest.approx(getattr(total, name) or 0), name


def test_totals_say_what_was_estimated_what_was_billed_and_what_it_cost(path):
    total = totals(path)
    dollars = (total.cost, total.cost_asked, total.money_saved)
    assert dollars == pytest.approx((0.019, 0.057, 0.038))
    by_rewriting = (total.cost_as_came, total.money_by_rewriting)
    assert by_rewriting == pytest.approx((19 * 0.0015, 19 * 0.0005))
    assert total == Saving(
        key="total",
        requests=20,
        tokens_before=19 * 120,
        tokens_after=19 * 60,
        saved_tokens=20 * 60,
        billed_input=19 * 100,
        billed_output=19 * 20,
        billed_cache_read=None,
        billed_cache_write=None,
        measured=19,
        cost=total.cost,
        cost_asked=total.cost_asked,
        money_saved=total.money_saved,
        priced=19,
        cache_hits=0,
        failures=1,
        cost_as_came=total.cost_as_came,
        money_by_rewriting=total.money_by_rewriting,
        saved_by_tools=0,
        saved_by_results=20 * 60,
        money_by_routing=total.money_saved,
        money_by_cache=0,
    )


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("hour", [f"{MONDAY + timedelta(days=n)} 12:00" for n in range(10)]),
        ("day", [str(MONDAY + timedelta(days=n)) for n in range(10)]),
        ("week", ["2026-11-30", "2026-12-07"]),
        ("month", ["2026-11", "2026-12"]),
        ("tier", {"SIMPLE", "MEDIUM", "COMPLEX", "REASONING"}),
        ("model", {"model-simple", "model-medium", "model-complex", "model-reasoning"}),
        ("provider", {"local"}),
        ("client", {"codex", "aider"}),
        ("session", {"s0", "s1", "s2"}),
    ],
)
def test_each_view_has_its_keys_and_spans_run_forward(path, by, keys):
    found = [row.key for row in savings(path, by)]
    assert (found if isinstance(keys, list) else set(found)) == keys
    assert len(set(found)) == len(found)


def test_a_week_runs_from_monday_to_sunday(path):
    assert [row.requests for row in savings(path, "week")] == [14, 6]


@pytest.mark.parametrize("by", BY)
def test_since_and_until_are_both_included(path, by):
    since, until = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    assert sum(row.requests for row in savings(path, by, since, until)) == 6
    assert totals(path, since=since).requests == 16
    assert totals(path, until=until).requests == 10
    assert totals(path, since=until, until=since).requests == 0


def test_sessions_come_with_the_latest_first(path):
    assert [row.key for row in savings(path, "session")][-1] == "s2"  # not heard of on the last day


def test_an_unknown_view_is_refused_with_the_known_ones(path):
    with pytest.raises(ValueError, match="'minute' is not known: choose one of hour, day"):
        savings(path, "minute")


def test_recent_exchanges_come_newest_first_with_their_parts(path):
    rows = recent(path, 3)
    assert [row["at"] for row in rows] == sorted((row["at"] for row in rows), reverse=True)
    assert len(rows) == 3
    assert rows[0]["parts"][0]["dimension"] == "dimension0"
    assert rows[0]["stripped"] == ["WebSearch"] and rows[0]["steps"] == ["Scored."]


def test_one_exchange_is_found_by_its_request_id(path):
    found = exchange(path, "07")
    assert found is not None and found["state"] == "failed"
    assert exchange(path, "never") is None


def test_a_ledger_that_is_not_there_tells_nothing_and_is_not_made(tmp_path):
    path = tmp_path / "none.db"
    assert (savings(path), recent(path), totals(path)) == ([], [], Saving("total"))
    assert not path.exists()


def test_a_ledger_not_laid_out_yet_tells_nothing(tmp_path):
    path = tmp_path / "empty.db"
    path.touch()
    assert (savings(path), recent(path), totals(path)) == ([], [], Saving("total"))


def test_a_damaged_ledger_says_so(tmp_path):
    path = tmp_path / "bad.db"
    path.write_bytes(b"no database at all " * 1_000)
    with pytest.raises(sqlite3.DatabaseError):
        totals(path)


def test_rows_are_read_while_the_ledger_writes_and_waits_to_write_more(tmp_path):
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    for number in range(5):
        feed(ledger, (*begun(str(number)), completed(str(number), usage=Usage(1, 1))))
        assert ledger.flush(5)
        assert totals(path).requests == len(recent(path)) == number + 1
    ledger.close(5)
