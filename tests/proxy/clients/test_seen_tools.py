"""Bodies are read as they stand, whether or not their tools were read before."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.clients.seen_tools import MOST, SMALLEST, SeenTools


def tools(name: str = "Read") -> list[Any]:
    """Long enough to be remembered."""
    return [{"name": f"{name}{at}", "description": "Reads. " * 60} for at in range(6)]


def body(**more: Any) -> bytes:
    return orjson.dumps({"model": "m", "tools": tools(), "messages": [], **more})


def seen(*bodies: bytes) -> SeenTools:
    """One that has read these."""
    reader = SeenTools()
    for raw in bodies:
        reader.loads(raw)
    return reader


def test_tools_that_came_before_are_not_read_again() -> None:
    reader = seen(body(messages=[1]))
    first, second = reader.loads(body(messages=[2])), reader.loads(body(messages=[3], stream=True))
    assert first["tools"] is second["tools"]
    assert first == orjson.loads(body(messages=[2]))
    assert second == orjson.loads(body(messages=[3], stream=True))
    assert list(second) == ["model", "tools", "messages", "stream"]


TEXT = orjson.dumps(tools())
SAME = b'"tools":' + TEXT


@pytest.mark.parametrize(
    "raw",
    [
        b'{"x":{' + SAME + b"}}",
        b'{"x":{' + SAME + b'},"tools":[]}',
        b'{"x":{' + SAME + b"}," + SAME + b"}",
        b"{" + SAME + b',"tools":[{"name":"Other"}]}',
        b'{"tools":[{"name":"Other"}],' + SAME + b"}",
        b"{" + SAME + b"," + SAME + b"}",
        b"[{" + SAME + b"}]",
        b'{"x":"\\"tools\\":[",' + SAME + b"}",
        b'{ "tools" : ' + TEXT + b"}",
        b'{"tools":' + TEXT[:-1] + b',{"name":"More"}]}',
    ],
)
def test_tools_are_what_the_body_says_wherever_the_same_text_stands(raw: bytes) -> None:
    assert seen(body()).loads(raw) == orjson.loads(raw)


@pytest.mark.parametrize("end", [b"", b"}}", b',"x":}', b'\n,\n"x":\x00}'])
def test_what_is_wrong_is_told_by_its_place_in_what_came(end: bytes) -> None:
    raw = b"{" + SAME + end
    with pytest.raises(orjson.JSONDecodeError) as expected:
        orjson.loads(raw)
    with pytest.raises(orjson.JSONDecodeError) as told:
        seen(body()).loads(raw)
    assert str(told.value) == str(expected.value)


def test_few_lists_are_remembered_and_no_small_one() -> None:
    lists = [body(tools=tools(f"Tool{at}_")) for at in range(MOST + 1)]
    reader = SeenTools()
    first, *others = [reader.loads(raw)["tools"] for raw in lists]
    assert all(reader.loads(raw)["tools"] is it for raw, it in zip(lists[1:], others, strict=True))
    assert reader.loads(lists[0])["tools"] is not first
    small = body(tools=[{"name": "a" * (SMALLEST - 100)}])
    assert reader.loads(small)["tools"] is not reader.loads(small)["tools"]


NAMES = st.sampled_from(["tools", "x", "model"])
VALUES = st.recursive(
    st.none() | st.integers(0, 3) | st.just(tools()) | st.just('"tools":['),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(NAMES, VALUES), min_size=1, max_size=4))
def test_any_bodies_one_after_the_other_are_read_as_they_stand(bodies: list[Any]) -> None:
    reader = seen(body())
    for value in bodies:
        assert reader.loads(orjson.dumps(value)) == value
