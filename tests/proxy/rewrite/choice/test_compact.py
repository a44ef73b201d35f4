"""A compacted tool means the same in fewer tokens, in the client's own spelling too."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.dialects.model import Tool
from proxy.rewrite.choice import compact

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "ReadFile",
    "type": "object",
    "properties": {
        "file_path": {"title": "File Path", "type": "string", "description": "Where  \nit is"},
        "title": {"type": "string", "title": "What it is called"},
        "required": {"type": "array", "items": {"type": "string"}, "uniqueItems": False},
    },
    "required": [],
    "additionalProperties": True,
}
SLIM = {
    "type": "object",
    "properties": {
        "file_path": {"type": "string", "description": "Where\nit is"},
        "title": {"type": "string", "title": "What it is called"},
        "required": {"type": "array", "items": {"type": "string"}},
    },
}
TOLD, TIDY = "Reads.  \n\n\n\nA file.\n", "Reads.\n\nA file."


def spelt(dialect: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    name = "read_file"
    if dialect == "messages":
        return {"name": name, "description": description, "input_schema": schema, **more}
    flat = {"name": name, "description": description, "parameters": schema, **more}
    if dialect == "chat":
        return {"type": "function", "function": flat}
    return {"type": "function", **flat}


@pytest.mark.parametrize("dialect", ["messages", "chat", "responses"])
def test_schema_description_and_the_clients_object_change_alike(dialect: str) -> None:
    extra = {"cache_control": {"type": "ephemeral"}, "new_field": [1]}
    raw = spelt(dialect, TOLD, SCHEMA, **extra)
    made = compact(Tool("read_file", TOLD, SCHEMA, raw=raw))
    assert made.schema == SLIM and made.description == TIDY
    assert made.raw == spelt(dialect, TIDY, SLIM, **extra)
    assert "$schema" in SCHEMA and raw == spelt(dialect, TOLD, SCHEMA, **extra)


def test_a_strict_tool_keeps_what_strictness_asks_for() -> None:
    raw = spelt("chat", TOLD, SCHEMA, strict=True)
    made = compact(Tool("read_file", TOLD, SCHEMA, raw=raw)).schema
    assert made["required"] == [] and made["additionalProperties"] is True


@pytest.mark.parametrize(
    "tool",
    [
        Tool("t", TIDY, SLIM, raw=spelt("messages", TIDY, SLIM)),
        Tool("t", TOLD, {}, kind="server", raw={"type": "web_search"}),
        Tool("t", TOLD, {}, kind="custom"),
        Tool("t", "", {"$ref": "#/properties/a/title", "title": "t"}),
        Tool("t", "", {"$id": "http://x.example", "title": "t"}),
    ],
)
def test_what_can_not_be_shorter_is_the_very_same(tool: Tool) -> None:
    assert compact(tool) is tool


def test_a_tool_seen_before_gives_the_same_object() -> None:
    first = compact(Tool("t", TOLD, dict(SCHEMA)))
    assert compact(Tool("t", TOLD, dict(SCHEMA))) is first and compact(first) is first


def test_a_schema_of_an_old_draft_keeps_its_drafts_name() -> None:
    schema = {**SCHEMA, "properties": {"n": {"exclusiveMinimum": True, "minimum": 1}}}
    assert "$schema" in compact(Tool("t", "", schema)).schema


_NAMES = st.sampled_from(["a", "title", "file_path", "required", "items", "$schema"])
_LEAVES = st.sampled_from(
    [
        {},
        {"type": "string", "title": "A", "minLength": 0},
        {"type": "integer", "title": "File Path", "minimum": 3},
        {"type": "null", "default": None, "description": ""},
        {"enum": [1, "x", {"title": "", "required": []}]},
        {"const": {"title": "", "additionalProperties": True}},
    ]
)


def _wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.fixed_dictionaries(
            {"properties": st.dictionaries(_NAMES, inner, max_size=3)},
            optional={
                "type": st.just("object"),
                "title": st.sampled_from(["A", "Title", ""]),
                "required": st.lists(_NAMES, max_size=2, unique=True),
                "additionalProperties": st.one_of(st.booleans(), inner),
                "minProperties": st.integers(0, 1),
            },
        ),
        st.fixed_dictionaries({"items": inner}, optional={"uniqueItems": st.booleans()}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    )


_SCHEMAS = st.recursive(_LEAVES, _wider, max_leaves=8)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 5) | st.sampled_from(["", "x", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(_SCHEMAS, st.lists(_VALUES, max_size=8), st.booleans())
def test_both_schemas_accept_the_same(schema: Any, values: list[Any], strict: bool) -> None:
    raw = {"name": "a", "input_schema": schema, "strict": strict}
    made = compact(Tool("a", "", schema, raw=raw))
    assert made.raw["input_schema"] == made.schema
    before = jsonschema_rs.validator_for(schema)
    after = jsonschema_rs.validator_for(made.schema)
    assert [before.is_valid(one) for one in values] == [after.is_valid(one) for one in values]
