"""A splice changes what it was asked to change in a body, and not one byte else."""

import time
from typing import Any

import orjson
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from proxy.dialects.splice import Edit, Layout, apply, changed, members, splice

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(['"model": 1', "\\", '\\"', "{", "]", "model", "}\n{"])
)
KEYS = st.sampled_from(["model", "tools", "messages", "über", 'a"b', "\\"]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=4
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=6)


def loose(value: Any, draw) -> str:
    """JSON text of `value` with white space and escapes wherever they may stand."""
    gap = draw(st.sampled_from(["", " ", "\n\t", "\r\n  "]))
    if isinstance(value, dict):
        members = (f"{loose(k, draw)}{gap}:{gap}{loose(v, draw)}" for k, v in value.items())
        return f"{{{gap}" + f"{gap},{gap}".join(members) + f"{gap}}}"
    if isinstance(value, list):
        return f"[{gap}" + f"{gap},{gap}".join(loose(v, draw) for v in value) + f"{gap}]"
    if isinstance(value, str) and value.isascii() and draw(st.booleans()):
        return '"' + "".join(f"\\u{ord(c):04x}" for c in value) + '"'
    return orjson.dumps(value).decode()


def plain(changes: dict[str, Any]) -> dict[str, bytes | None]:
    return {key: orjson.dumps(value) for key, value in changes.items()}


@given(OBJECTS, st.dictionaries(KEYS, VALUES, max_size=3), st.data())
@example({"model": "a", "x": {"model": 1}}, {"model": "b"}, None)
def test_values_are_replaced_and_added_as_a_dict_update_would(body, changes, data) -> None:
    wire = loose(body, data.draw).encode() if data else orjson.dumps(body)
    assert orjson.loads(splice(wire, plain(changes))) == body | changes


@given(OBJECTS, st.dictionaries(KEYS, VALUES, max_size=3), st.data())
@example({"model": "a", "x": {"model": "a"}}, {"model": "b"}, None)
@example({"x": {"tools": ["a"]}, "tools": ["a"]}, {"tools": []}, None)
def test_what_was_parsed_makes_it_quicker_and_not_other(body, changes, data) -> None:
    body |= {"long": "x" * 2_000} if data is None or data.draw(st.booleans()) else {}
    wire = loose(body, data.draw).encode() if data else orjson.dumps(body)
    assert splice(wire, plain(changes), body) == splice(wire, plain(changes))


@given(OBJECTS, st.lists(KEYS, max_size=4), st.data())
def test_removed_keys_are_gone_and_the_rest_stays(body, keys, data) -> None:
    keys += data.draw(st.lists(st.sampled_from(sorted(body)))) if body else []
    wire = loose(body, data.draw).encode()
    left = {key: value for key, value in body.items() if key not in keys}
    assert orjson.loads(splice(wire, dict.fromkeys(keys))) == left


@given(OBJECTS, VALUES, st.data())
def test_bytes_outside_the_value_stay(body, value, data) -> None:
    assume(body)
    key = data.draw(st.sampled_from(sorted(body)))
    wire = loose(body, data.draw).encode()
    found = next(m for m in members(wire) if m.key == key)
    expected = wire[: found.value] + orjson.dumps(value) + wire[found.end :]
    assert splice(wire, plain({key: value})) == expected


@given(OBJECTS)
def test_no_change_is_no_byte(body) -> None:
    wire = orjson.dumps(body)
    assert splice(wire, {}) == wire
    assert splice(wire, changed(body, body)) == wire


@given(OBJECTS, st.dictionaries(KEYS, VALUES, max_size=3), st.lists(KEYS))
def test_changed_says_what_makes_one_body_of_another(body, more, less) -> None:
    after = {key: value for key, value in (body | more).items() if key not in less}
    assert orjson.loads(splice(orjson.dumps(body), changed(body, after))) == after


@pytest.mark.parametrize(
    "again", [b'"model":"b"', b'"mod\\u0065l":"b"', b'"model" : {"x": [1, "]"]}']
)
@pytest.mark.parametrize("between", [b"", b'"x":{"model":1},', b'"y":"{\\"model\\":",'])
def test_a_key_that_stands_twice_is_changed_twice(again: bytes, between: bytes) -> None:
    wire = b'{"model":"a",' + between + again + b"}"
    assert orjson.loads(splice(wire, {"model": b'"new"'}))["model"] == "new"
    assert "model" not in orjson.loads(splice(wire, {"model": None}))


def test_nested_keys_and_strings_that_look_alike_stay() -> None:
    wire = b'{"a":{"model":"in"},"b":"\\",\\"model\\":\\"x\\"","c":["model",{"model":1}],"model":1}'
    assert splice(wire, {"model": b"2"}) == wire.replace(b'"model":1}', b'"model":2}').replace(
        b'{"model":2}]', b'{"model":1}]'
    )


def test_values_nested_very_deep_are_walked_too() -> None:
    wire = b'{"a":' + b'[{"x":' * 300 + b"1" + b"}]" * 300 + b',"model":"a"}'
    assert splice(wire, {"model": b'"b"'}) == wire.replace(b'"model":"a"', b'"model":"b"')


@pytest.mark.parametrize("wire", [b"", b"[]", b"null", b'"model"'])
def test_only_an_object_can_be_spliced(wire: bytes) -> None:
    with pytest.raises(ValueError, match="not a JSON object"):
        splice(wire, {"model": b"1"})


def best(work) -> float:
    """Seconds of the best of ten."""
    times = []
    for _ in range(10):
        began = time.thread_time()
        work()
        times.append(time.thread_time() - began)
    return min(times)


def test_a_200_kb_body_is_spliced_in_no_time() -> None:
    code = "def f(x):\n    return \"a\" + x['k']\n" * 60
    rest = {"messages": [{"role": "user", "content": code} for _ in range(85)]}
    first, last = orjson.dumps({"model": "a"} | rest), orjson.dumps(rest | {"model": "a"})
    assert len(first) > 190_000
    assert best(lambda: splice(first, {"model": b'"b"'})) < 0.001
    assert best(lambda: splice(last, {"model": b'"b"'})) < 0.004


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=25,
)


@given(st.lists(VALUES, max_size=6), st.sampled_from([0, orjson.OPT_INDENT_2]))
def test_each_element_of_an_array_is_found_wherever_the_array_lies(values, option):
    raw = orjson.dumps({"before": [[1], "]"], "list": values}, option=option)
    layout = Layout(raw)
    at = list(layout.members())[1].value
    assert [orjson.loads(raw[element]) for element in layout.elements(at)] == values


def test_what_is_no_array_has_no_elements():
    with pytest.raises(ValueError, match="not a JSON array"):
        list(Layout(b'{"a": 1}').elements(0))


def test_edits_are_made_in_any_order():
    assert apply(b"abcdef", [Edit(4, 4, b"-"), Edit(0, 2, b"X")]) == b"Xcd-ef"
