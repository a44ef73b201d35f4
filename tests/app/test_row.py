"""A packed row reads as it did, and is small: thousands of them are kept."""

import gc
import tracemalloc

import pytest
from msgspec.structs import fields

from app import row as row_module
from app.copied import as_json
from app.filters import Filter
from app.row import Row
from app.store import PACKED_AT_ONCE, Store
from classifier.features import Features
from classifier.score import Part, Score
from proxy.events import Event, Rewritten, Scored
from proxy.exchange import CacheState, Candidate, ResultRewrite, Rewrite
from proxy.record import Fold, Record
from tests.proxy.told import whole

MOST_BYTES = 2_500  # a row, with what finds it
FULL = Rewrite(
    kept=("Read", "Bash"),
    stripped=(("WebSearch", "a lone half \ud800"),),
    results=(ResultRewrite("Bash", "toon", 2**40, 50, 3),),
    saved=60,
)


def told(id: str) -> list[Event]:
    """An exchange with all that can be told of one, no two alike."""
    said = [f"{len(id)} of {id}, part {number}" for number in range(13)]
    parts = tuple(
        Part(f"dimension{number}", 30.0 + number, 0.08, 2.4, evidence)
        for number, evidence in enumerate(said)
    )
    features = Features(found={"code": 3}, words=12)
    near = Candidate(0.97, False, "numbers differ")
    events = whole(id)
    events[1] = Scored(id=id, at=events[0].at, score=Score(37.2, parts), features=features)
    cache = CacheState("miss", f"nothing like it {len(id)}", (near,))
    events[3] = Rewritten(id=id, at=events[0].at, rewrite=FULL, cache=cache)
    return events


def row_of(kind: type[Record], id: str = "a") -> Record:
    fold = Fold(kind)
    row = None
    for event in told(id):
        row = fold(event)
    assert row is not None
    return row


def test_rows_read_as_they_did_before_and_after_there_is_one_to_point_back_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(row_module, "_like", [])
    brief, first, second = Row("a", 1.0, steps=("brief",)), row_of(Row, "b"), row_of(Row, "c")
    assert isinstance(first, Row) and isinstance(second, Row)
    told_of = [(one.steps, one.parts, one.rewrite) for one in (brief, first, second)]
    for one in (brief, first, second):
        one.pack()
    assert len(row_module._like) == 1, "the second one is the first that tells enough"
    assert [(one.steps, one.parts, one.rewrite) for one in (brief, first, second)] == told_of


def test_a_packed_row_reads_as_it_did() -> None:
    plain, row = row_of(Record), row_of(Row)
    assert isinstance(row, Row) and not row.is_packed
    for _ in range(2):
        row.pack()
        assert row.is_packed
        for field in fields(Record):
            if field.name != "features":
                assert getattr(row, field.name) == getattr(plain, field.name), field.name
        assert as_json(row) == as_json(plain)
        assert (row.ended, row.money_saved) == (plain.ended, plain.money_saved)


def test_what_no_row_has_is_no_attribute_of_a_packed_one() -> None:
    row = row_of(Row)
    with pytest.raises(AttributeError, match="colour"):
        row.colour  # type: ignore[attr-defined]  # noqa: B018


def test_a_store_packs_what_ended_and_no_more_at_once_than_a_moment_takes() -> None:
    store = Store()
    for number in range(PACKED_AT_ONCE + 10):
        for event in told(f"x{number}"):
            store(event)
    for event in told("open")[:-1]:
        store(event)
    store.tick()
    assert sum(isinstance(row, Row) and row.is_packed for row in store.rows) == PACKED_AT_ONCE
    store.tick()
    assert [row.id for row in store.rows if isinstance(row, Row) and not row.is_packed] == ["open"]
    store.set_filter(Filter("saved>1 score>30"))
    assert len(store.view) == len(store.rows) == PACKED_AT_ONCE + 11
    assert all(row.rewrite == FULL for row in store.view)


def test_thousands_of_rows_are_small() -> None:
    count, store = 1_000, Store()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(count):
        for event in told(f"{number:032d}"):
            store(event)
        store.tick()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(store.rows) == count
    assert held / count < MOST_BYTES
