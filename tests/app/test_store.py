"""The store: what it counts, keeps, hides and freezes."""

import gc
import sys

import pytest

from app.filters import Filter
from app.outages import Outage
from app.store import Store
from classifier.tiers import Tier
from tests.app.scene import begin, breaker, done, failed, finish, hit


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def store(now: list[float]) -> Store:
    return Store(kept=100, clock=lambda: now[0])


def test_nothing_happens_on_the_hot_path_before_the_tick(store: Store) -> None:
    done(store)
    assert (store.rows, store.totals.requests) == ([], 0)
    assert store.tick()
    assert (len(store.rows), store.totals.requests) == (1, 1)
    assert not store.tick(), "a tick with no news changes nothing"


def test_totals_keep_estimated_measured_and_unknown_apart(store: Store) -> None:
    done(store)
    done(store, cost=None)
    hit(store)
    failed(store)
    begin(store)
    store.tick()
    totals = store.totals
    assert (totals.requests, totals.done, totals.failed, totals.in_flight) == (5, 3, 1, 1)
    assert totals.hits == 1
    assert totals.saved == 700 + 700 + 1000, "a cache hit saves the whole input"
    assert totals.billed == 3 * 350
    assert totals.money_saved == pytest.approx(0.03 + 0.05)
    assert (totals.priced, totals.unpriced) == (2, 1)


def test_money_saved_is_unknown_until_a_price_is_known(store: Store) -> None:
    done(store, cost=None)
    store.tick()
    assert store.totals.money_saved is None


def test_rows_stand_newest_last_and_change_in_place(store: Store) -> None:
    first, second = begin(store), begin(store)
    store.tick()
    assert [row.id for row in store.view] == [first, second]
    finish(store, first)
    store.tick()
    assert [(row.id, row.state) for row in store.view] == [(first, "done"), (second, "open")]


def test_old_rows_go_and_totals_stay(store: Store) -> None:
    ids = [done(store) for _ in range(250)]
    store.tick()
    assert [row.id for row in store.view] == [row.id for row in store.rows] == ids[-100:]
    assert store.totals.requests == 250
    assert store.place(ids[0]) is None
    assert store.place(ids[-1]) == 99


def test_an_exchange_that_outlives_its_row_is_counted_once(store: Store) -> None:
    slow = begin(store)
    for _ in range(150):
        done(store)
    store.tick()
    finish(store, slow)
    store.tick()
    assert (store.totals.requests, store.totals.in_flight) == (151, 0)
    assert slow not in {row.id for row in store.view}


def test_a_filter_follows_rows_as_they_change(store: Store) -> None:
    store.set_filter(Filter.of("state:done"))
    early, late = begin(store), begin(store)
    store.tick()
    assert store.view == []
    finish(store, late)
    store.tick()
    finish(store, early)
    store.tick()
    assert [row.id for row in store.view] == [early, late], "in the order they came, not ended"
    store.set_filter(Filter.of("open"))
    assert store.view == []


def test_a_row_leaves_when_it_matches_no_more(store: Store) -> None:
    store.set_filter(Filter.of("open"))
    id = begin(store)
    store.tick()
    assert store.place(id) == 0
    finish(store, id)
    store.tick()
    assert store.place(id) is None


def test_pause_freezes_the_list_and_not_the_totals(store: Store) -> None:
    running = begin(store)
    store.tick()
    store.set_paused(True)
    finish(store, running)
    for _ in range(120):
        done(store)
    store.tick()
    assert [(row.id, row.state) for row in store.view] == [(running, "open")]
    assert (store.totals.requests, store.totals.done, store.waiting) == (121, 121, 120)
    assert store.find(running) is store.view[0]
    store.set_paused(False)
    assert len(store.view) == 100
    assert store.waiting == 0


def test_a_filter_chosen_in_a_pause_holds_in_it(store: Store) -> None:
    done(store, tier=Tier.SIMPLE)
    done(store, tier=Tier.COMPLEX)
    store.tick()
    store.set_paused(True)
    store.set_filter(Filter.of("tier:complex"))
    done(store, tier=Tier.COMPLEX)
    store.tick()
    assert [row.tier for row in store.view] == ["COMPLEX", "COMPLEX"][: len(store.view)]
    assert len(store.view) == 1


def test_seconds_move_on_with_the_clock(store: Store, now: list[float]) -> None:
    done(store)
    store.tick()
    series = store.totals.seconds["requests"]
    assert series.values[-1] == 1
    now[0] += 3
    assert store.tick(), "a sparkline that moves is news"
    assert list(series.values)[-4:] == [1, 0, 0, 0]
    now[0] += 10_000
    store.tick()
    assert sum(series.values) == 0


def test_sessions_are_told_apart(store: Store) -> None:
    done(store, session="aa", tier=Tier.SIMPLE)
    done(store, session="bb", tier=Tier.COMPLEX)
    done(store, session="aa", tier=Tier.REASONING)
    store.tick()
    sessions = store.totals.sessions
    assert list(sessions) == ["bb", "aa"], "least recently active first"
    assert (sessions["aa"].requests, sessions["aa"].tier, sessions["aa"].saved) == (
        2,
        "REASONING",
        1400,
    )


def test_memory_stays_flat_over_100_000_exchanges() -> None:
    store = Store(kept=500)

    def run(count: int) -> int:
        for number in range(count):
            done(store, session=f"{number}")
            if number % 100 == 99:
                store.tick()
        gc.collect()
        return sys.getallocatedblocks()

    run(2_000)
    early = run(1_000)
    late = run(97_000)
    assert store.totals.requests == 100_000
    assert late - early < 2_000, f"grew by {late - early:,} blocks"


def test_a_provider_is_down_from_the_first_opening_until_its_breaker_closes(store: Store) -> None:
    breaker(store, "cloud", "open", "529 overloaded", at=2000.0)
    assert store.outages == {}, "folded at the tick"
    store.tick()
    assert store.outages["cloud"] == Outage("cloud", 2000.0, 2030.0, False, "529 overloaded")
    breaker(store, "cloud", "half-open", "529 overloaded", at=2030.0)
    store.tick()
    assert store.outages["cloud"].probing
    breaker(store, "cloud", "open", "504 too slow", at=2031.0)
    breaker(store, "local", "open", at=2040.0)
    store.tick()
    assert store.outages["cloud"] == Outage("cloud", 2000.0, 2061.0, False, "504 too slow")
    assert list(store.outages) == ["cloud", "local"]
    breaker(store, "cloud", "closed", at=2100.0)
    store.tick()
    assert list(store.outages) == ["local"]


def test_a_breaker_is_no_exchange(store: Store) -> None:
    breaker(store, "cloud", "open")
    store.tick()
    assert (store.rows, store.totals.requests) == ([], 0)


def test_a_provider_that_was_never_down_and_closes_is_nothing(store: Store) -> None:
    breaker(store, "cloud", "closed")
    store.tick()
    assert store.outages == {}
