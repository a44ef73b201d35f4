"""A request costs no more for what has gone before it; `tests.soak.growth` has the full sizes."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

import orjson
import pytest

from proxy.cache.exact import ExactCache
from proxy.control.explain import explain
from proxy.dialects.model import Answer, Text, Usage
from proxy.exchange import Exchange
from proxy.ledger.ledger import Ledger
from tests.fuzz.targets import visited
from tests.proxy.told import feed, whole
from tests.soak.growth import conversation, fill_cache, fill_ledger

ROUNDS = 7
FLAT = 1.6  # times; the smaller the work, the more it shakes


def by_turns(little: Callable[[], object], much: Callable[[], object]) -> float:
    """How many times the processor time of `little` it takes to do `much`."""
    ratios = []
    for _ in range(ROUNDS):
        spent = []
        for work in (little, much):
            began = time.process_time()
            work()
            spent.append(time.process_time() - began)
        ratios.append(spent[1] / spent[0])
    return median(ratios)


def decide(bodies: Iterable[bytes], session: Callable[[int], str] = lambda number: "one") -> None:
    """The way of a request up to the send, for each of `bodies`."""
    loop, house = visited()
    for number, body in enumerate(bodies):
        headers = {"x-lynkr-session": session(number), "x-lynkr-tier": "SIMPLE"}
        exchange = Exchange(body, "anthropic", headers, "/v1/messages")
        loop.run_until_complete(explain(exchange, house))


def test_a_turn_late_in_a_session_costs_what_it_weighs():
    early = [conversation(turns) for turns in range(30, 60)]
    late = [conversation(turns) for turns in range(400, 403)]
    decide([*early, *late])  # what is seen for the first time is measured once
    weight = sum(map(len, late)) / sum(map(len, early))
    assert by_turns(lambda: decide(early), lambda: decide(late)) / weight < FLAT


def test_a_thousand_sessions_cost_no_more_than_one():
    asked = [orjson.dumps({**orjson.loads(conversation(1)), "user": str(n)}) for n in range(150)]
    decide(asked, lambda number: f"s{number}")
    many = iter(range(10_000_000))
    ratio = by_turns(
        lambda: decide(asked), lambda: decide(asked, lambda number: f"s{next(many) % 1_000}")
    )
    assert ratio < FLAT


def test_a_row_costs_the_same_in_a_ledger_of_20_000(tmp_path: Path):
    fill_ledger(tmp_path / "full.db", 20_000)
    full, empty = Ledger(tmp_path / "full.db"), Ledger(tmp_path / "empty.db")
    numbers = iter(range(10_000))

    def write(ledger: Ledger) -> None:
        for _ in range(100):
            feed(ledger, whole(f"new-{next(numbers)}"))
        assert ledger.flush(20) and not ledger.problem

    write(full)
    write(empty)
    ratio = by_turns(lambda: write(empty), lambda: write(full))
    assert full.close(10) and empty.close(10)
    assert ratio < FLAT


@pytest.mark.parametrize("hit", [True, False])
def test_a_look_into_10_000_cached_answers_costs_the_same(hit: bool, tmp_path: Path):
    fill_cache(tmp_path / "cache.db", 10_000)
    full, small = ExactCache(tmp_path / "cache.db"), ExactCache(tmp_path / "small.db")
    full.start()
    small.start()
    answer = Answer("1", "m", [Text("Blue. " * 20)], "end_turn", Usage(input=1, output=1))
    assert full.put(b"known", answer) and small.put(b"known", answer)
    key = b"known" if hit else b"unknown"

    def look(cache: ExactCache) -> None:
        for _ in range(3_000):
            assert (cache.get(key) is not None) == hit

    while len(full) < 9_800:  # of too many some more leave at once
        time.sleep(0.01)  # noqa: TID251  # its thread loads
    ratio = by_turns(lambda: look(small), lambda: look(full))
    full.close()
    small.close()
    assert ratio < FLAT
