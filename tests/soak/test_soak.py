"""A moment of the soak, and that its account would tell of what is wrong."""

from dataclasses import replace
from pathlib import Path

from proxy.dialects.model import Usage
from proxy.ledger.ledger import Ledger
from tests.proxy.told import begun, completed, failed, feed
from tests.soak.__main__ import amiss, soak
from tests.soak.books import wrong
from tests.soak.crowd import Told
from tests.soak.plans import Plan, bill
from tests.soak.vitals import Vitals, slope


async def test_a_second_of_it_leaks_nothing_and_its_books_are_exact(tmp_path: Path):
    assert await soak(tmp_path, seconds=1, rate=60, warm=60) == []


def told(number: int, kind: str = "fine", whole: bool = True, cached: bool = False) -> Told:
    return Told(Plan(number, kind, "anthropic", "SIMPLE", True), str(number), whole, cached)


def kept(folder: Path) -> Path:
    """A ledger of exchange 1, done and billed, and exchange 2, failed."""
    ledger = Ledger(folder / "ledger.db")
    first = [*begun("1"), completed("1", usage=Usage(**bill(1)))]
    feed(ledger, [*first, *begun("2"), failed("2")])
    assert ledger.close(10)
    return folder / "ledger.db"


def test_books_that_agree_are_not_faulted(tmp_path: Path):
    assert wrong(kept(tmp_path), [told(1), told(2, "cut", whole=False)]) == []


def test_books_that_do_not_agree_are(tmp_path: Path):
    path = kept(tmp_path)
    for heard, fault in (
        ([told(1), told(2)], "is failed, not done"),
        ([told(1, cached=True), told(2, "cut", whole=False)], "was billed"),
        ([told(1), told(2, "leaves", whole=False)], "left and stands as 502"),
        ([told(1), told(2, "cut", whole=False), told(3)], "has no row"),
        ([told(1)], "1 exchanges, 2 rows"),
    ):
        assert any(fault in line for line in wrong(path, heard)), (fault, wrong(path, heard))


def test_growth_is_told_by_the_exchange():
    rows = [Vitals(number * 1_000, 100 + number, 20, 9, 4, 0) for number in range(10)]
    assert round(slope(rows)) == round(2**20 / 1_000)


def test_a_failure_is_handed_on_only_where_its_provider_rested():
    probe = replace(told(1, "once", whole=False), amiss="500 try again", probe=True)
    rests = replace(told(2, whole=False), rests=True)
    assert amiss([probe, told(2)]) and not amiss([probe, rests])
    assert amiss([replace(rests, amiss="cut off")])
