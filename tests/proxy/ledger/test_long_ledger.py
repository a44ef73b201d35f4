"""A long past is told as fast as a short one: nothing is added up anew when somebody looks."""

import time
from datetime import date, timedelta

import pytest

from proxy.ledger.behind import behind, found, page
from proxy.ledger.history import BY, MOST_SESSIONS, savings, totals
from proxy.ledger.ledger import Ledger
from proxy.money.burn import burn
from tests.support.long_ledger import lengthen

ROWS = 100_000
MONTH = timedelta(days=29)
LOOK = 0.3  # seconds of a processor: what the screen may take on ten times as many


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("long") / "ledger.db"
    assert Ledger(path).close(10)
    lengthen(path, ROWS)
    return path


@pytest.fixture(autouse=True)
def quick(path):
    began = time.thread_time()
    yield
    assert time.thread_time() - began < LOOK


@pytest.mark.parametrize("by", BY)
def test_a_month_by_anything_with_its_total(path, by):
    since = date.today() - MONTH
    assert savings(path, by, since)
    assert totals(path, since).requests == pytest.approx(ROWS * 30 / 365, rel=0.05)


def test_the_latest_sessions_of_all_days(path):
    assert len(savings(path, "session")) == MOST_SESSIONS
    assert totals(path).requests == ROWS


def test_the_exchanges_behind_a_tier_and_a_rare_client_first_and_last(path):
    for by, key, count in (("tier", "SIMPLE", ROWS // 4), ("client", "client-rare", ROWS // 1000)):
        its = found(path, behind(by, key))
        assert its.count == count
        assert len(page(path, its, 0, 50)) == len(page(path, its, count - 50, 50)) == 50


def test_what_was_spent_and_how_fast(path):
    assert burn(path, time.time()).of("month").dollars > 0
