"""A mended call holds each value that the model wrote, and no other."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.model import Tool, ToolCall
from proxy.quality.mend import mended
from proxy.quality.schemas import complaint

TOOL = Tool(
    "Edit",
    schema={
        "type": "object",
        "properties": {
            "file_path": {"type": "string"},
            "count": {"type": "integer"},
            "all": {"type": "boolean"},
            "lines": {"type": "array", "items": {"type": "integer"}},
            "why": {"type": "string"},
        },
        "required": ["file_path"],
        "additionalProperties": False,
    },
)
TOOLS = {"Edit": TOOL, "Read": Tool("Read", schema={"type": "object"})}


def mend(written: str, name: str = "Edit") -> Any:
    found = mended(ToolCall("1", name, written), TOOLS)
    return None if found is None else orjson.loads(found[0].arguments)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{"filePath": "a"}', {"file_path": "a"}),
        ('{"file-path": "a", "count": "3"}', {"file_path": "a", "count": 3}),
        ('{"file_path": "a", "all": "True"}', {"file_path": "a", "all": True}),
        ('{"file_path": "a", "lines": "[1, 2]"}', {"file_path": "a", "lines": [1, 2]}),
        ('{"file_path": 7}', {"file_path": "7"}),
        ('{"file_path": "a", "why": null}', {"file_path": "a"}),
        ('{"count": 3, "file_path": "a"', {"file_path": "a", "count": 3}),
        ('{"file_path": "a" "count": 3}', {"file_path": "a", "count": 3}),
    ],
)
def test_a_near_miss_is_mended(written: str, meant: dict[str, Any]):
    assert mend(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{}",
        "nonsense",
        '{"file_path": "a',  # cut inside a value
        '{"file_path": "a", "count": 3',  # and this may be the first figure of 35
        '{"path": "a"}',  # another word
        '{"file_path": "a", "count": "three"}',
        '{"file_path": "a", "count": 1.5}',
        '{"file_path": "a"} and then I will edit b',  # what it says besides would be lost
        '{"file_path": "a", "filePath": "b"}',  # which of the two?
        '[{"file_path": "a"}]',
    ],
)
def test_what_takes_a_guess_is_left_alone(written: str):
    assert mend(written) is None


def test_a_tool_s_name_is_mended_where_only_one_is_meant():
    assert mend('{"file_path": "a"}', "edit") == {"file_path": "a"}
    assert mended(ToolCall("1", "read_it", "{}"), TOOLS) is None
    twins = {"a_b": TOOL, "aB": TOOL}
    assert mended(ToolCall("1", "a-b", '{"file_path": "a"}'), twins) is None


values = st.fixed_dictionaries(
    {"file_path": st.text(max_size=20)},
    optional={
        "count": st.integers(-(2**53), 2**53),
        "all": st.booleans(),
        "lines": st.lists(st.integers(0, 9), max_size=4),
        "why": st.text(max_size=20),
    },
)


@given(values)
def test_a_good_call_needs_no_mending(value: dict[str, Any]):
    assert mend(orjson.dumps(value).decode()) is None


@given(values, st.integers(0, 60))
def test_cut_anywhere_it_is_mended_to_nothing_but_what_stands_there(
    value: dict[str, Any], cut: int
):
    written = orjson.dumps(value).decode()
    found = mend(written[:cut])
    if found is not None:
        assert not complaint(TOOL.schema, found)
        assert found == {key: value[key] for key in found}


@given(st.text(max_size=60))
def test_any_text_is_refused_or_mended_to_what_the_schema_takes(written: str):
    found = mend(written)
    assert found is None or not complaint(TOOL.schema, found)
