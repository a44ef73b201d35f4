"""Behind every row of the savings are its exchanges: all of them, found by index, page by page."""

import sqlite3
import time
from contextlib import closing
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from classifier.tiers import Tier
from proxy.ledger.behind import BY, COLUMNS, behind, found, page
from proxy.ledger.history import exchange, savings
from proxy.ledger.ledger import Ledger
from proxy.ledger.old import record_of
from proxy.record import Fold
from tests.proxy.told import begun, completed, failed, feed

NOON = 43_200
MONDAY = date(2026, 11, 30)
SINCE, UNTIL = MONDAY + timedelta(days=1), MONDAY + timedelta(days=8)


def at(day, seconds=NOON):
    return time.mktime(day.timetuple()) + seconds


def events():
    """Three exchanges a day for ten days, over the end of a month."""
    for number in range(30):
        when = at(MONDAY + timedelta(days=number // 3), NOON + number % 3 * 1800)
        id, tier = f"{number:02}", Tier(number % 4)
        yield from begun(id, when, f"s{number % 5}", tier, ("codex", "aider")[number % 2])
        yield failed(id, when) if number == 7 else completed(id, when)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    feed(ledger, events())
    assert ledger.close(10)
    return path


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("span", [(None, None), (SINCE, UNTIL), (SINCE, None)])
def test_each_row_has_as_many_exchanges_behind_it_as_it_counts(path, by, span):
    rows = savings(path, by, *span)
    pages = {}
    for row in rows:
        its = found(path, behind(by, row.key, *span))
        pages[row.key] = [record.id for record in page(path, its, 0, 100)]
        assert its.count == row.requests == len(pages[row.key])
    everyone = [id for ids in pages.values() for id in ids]
    assert len(everyone) == len(set(everyone)), "no exchange is behind two rows"


def test_pages_follow_each_other_newest_first(path):
    its = found(path, behind("client", "codex"))
    ids = [record.id for start in range(0, its.count, 4) for record in page(path, its, start, 4)]
    assert ids == [f"{number:02}" for number in range(28, -1, -2)]
    assert page(path, its, its.count, 4) == []


def test_what_comes_later_shifts_no_page(path):
    its = found(path, behind("tier", "SIMPLE"))
    before = page(path, its, 2, 3)
    ledger = Ledger(path)
    feed(ledger, (*begun("new", at(UNTIL), tier=Tier.SIMPLE), completed("new", at(UNTIL))))
    assert ledger.close(10)
    assert page(path, its, 2, 3) == before
    assert found(path, its).count == its.count + 1


@pytest.mark.parametrize("by", BY)
def test_no_row_is_looked_for_in_the_whole_table(path, by):
    its = found(path, behind(by, savings(path, by)[0].key))
    with closing(sqlite3.connect(path)) as db:
        query = f"EXPLAIN QUERY PLAN SELECT rowid {its.clause} ORDER BY at DESC, rowid DESC"
        plan = [row[3] for row in db.execute(query, its.values)]
    wanted = f"exchanges_{by}_at ({by}=?" if by in COLUMNS else "exchanges_at (at>?"
    assert len(plan) == 1, "no sorting either"
    assert plan[0].startswith("SEARCH") and wanted in plan[0]


def test_a_record_read_back_tells_what_the_ledger_keeps(path):
    fold = Fold()
    live = {row.id: row for row in map(fold, events()) if row}
    for id in ("00", "07"):
        kept = exchange(path, id)
        assert kept is not None
        old = record_of(kept)
        for name in (
            "id at session client dialect asked_model stream turns score tier reason steps"
            " provider model cache cache_why before after status cost cost_asked cost_as_came"
            " first_byte latency error state money_saved money_by_rewriting"
        ).split():
            assert getattr(old, name) == getattr(live[id], name), name
        assert old.parts == tuple(replace(part, evidence="") for part in live[id].parts)
        assert old.rewrite.saved == live[id].rewrite.saved
        assert [name for name, _ in old.rewrite.stripped] == ["WebSearch"]
        assert old.usage.input == live[id].usage.input


def test_a_ledger_that_is_not_there_has_nothing_behind_anything(tmp_path):
    its = found(tmp_path / "none.db", behind("day", str(MONDAY)))
    assert (its.count, page(tmp_path / "none.db", its, 0, 10)) == (0, [])


@pytest.mark.parametrize(("by", "key"), [("colour", "red"), ("day", "yesterday"), ("hour", "")])
def test_what_names_no_row_is_refused(by, key):
    with pytest.raises(ValueError):
        behind(by, key)


def test_an_hour_that_a_clock_runs_through_twice_is_one_row(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        ledger, first = Ledger(tmp_path / "ledger.db"), 1_792_886_400.0  # 25 October 2026, 00:00Z
        for number in range(3):  # 2:00 in summer, 2:00 in winter, 3:00
            feed(
                ledger,
                (
                    *begun(str(number), first + number * 3600),
                    completed(str(number), first + number * 3600),
                ),
            )
        assert ledger.close(10)
        rows = savings(tmp_path / "ledger.db", "hour")
        assert [(row.key[-5:], row.requests) for row in rows] == [("02:00", 2), ("03:00", 1)]
        for row in rows:
            assert found(tmp_path / "ledger.db", behind("hour", row.key)).count == row.requests
    finally:
        monkeypatch.undo()
        time.tzset()
