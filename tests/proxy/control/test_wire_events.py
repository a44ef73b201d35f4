"""Events as JSON and back: whatever a proxy tells, a dashboard elsewhere is told the same."""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields

from classifier.features import Features
from classifier.score import Score
from classifier.tiers import Tier
from proxy.control.wire_events import KINDS, as_line, event_of
from proxy.events import Escalated, Event, Failed, Scored
from proxy.routing.table import Table, Target
from tests.proxy.routing.test_as_json import TABLES, TARGETS

KNOWN: dict[Any, st.SearchStrategy[Any]] = {
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(-(2**63), 2**63 - 1),
    str: st.text(max_size=30),
    bool: st.booleans(),
    Tier: st.sampled_from(Tier),
    Target: TARGETS,
    Table: TABLES,
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that an event's field may have."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in KNOWN:
        return KNOWN[kind]
    if origin in (Union, UnionType):
        return st.one_of(*(st.none() if one is NoneType else values(one) for one in inner))
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(values(inner[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, inner))
    if origin is Mapping:
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if origin is Literal:
        return st.sampled_from(inner)
    assert isinstance(kind, type) and issubclass(kind, Struct), kind
    hints = get_type_hints(kind)
    return st.builds(kind, **{one.name: values(hints[one.name]) for one in fields(kind)})


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda one: one.__name__)
@given(data=st.data())
def test_an_event_comes_back_as_it_was(kind: type[Event], data: st.DataObject):
    event = data.draw(values(kind))
    line = as_line(event)
    assert b"\n" not in line
    assert event_of(line) == event


def test_a_tier_is_told_by_its_name():
    event = Escalated(id="a", at=1.0, tier=Tier.COMPLEX, target=Target("up", "m"), reason="x")
    said = orjson.loads(as_line(event))
    assert (said["tier"], said["target"]) == ("COMPLEX", "up/m")


def test_what_a_newer_build_tells_passes():
    assert event_of(b"[]") is None
    assert event_of(b'{"event": "Teleported", "id": "a", "at": 1.0}') is None
    failed = Failed(id="a", at=1.0, status=500, latency=2.0, error="no")
    said = orjson.loads(as_line(failed)) | {"colour": "red"}
    said["usage"]["dreams"] = 7
    assert event_of(orjson.dumps(said)) == failed


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b'{"event": "FirstToken", "id": "a", "at": 1.0}',
        b'{"event": "FirstToken", "id": "a", "at": 1.0, "latency": "long"}',
        b'{"event": "Escalated", "id": "a", "at": 1.0, "tier": "HUGE", "target": "a/b",'
        b' "reason": ""}',
        b'{"event": "RoutingChanged", "id": "", "at": 1.0, "table": {"tiers": []}}',
    ],
)
def test_what_is_no_event_is_refused(line: bytes):
    with pytest.raises(ValueError):
        event_of(line)


def test_a_count_that_is_told_as_true_is_one():
    """Counts of the classifier may be sums of one comparison."""
    features = Features(turns=True)
    line = as_line(Scored(id="a", at=1.0, score=Score(1.0, ()), features=features))
    told = event_of(line)
    assert isinstance(told, Scored) and told.features == features
