"""Tool schemas cleaned for the providers that refuse keywords, always on a copy."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.schemas import CLEANERS, clean

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "type properties items anyOf oneOf allOf enum const $ref required format".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)
SCHEMAS = st.dictionaries(st.sampled_from(["type", "properties", "anyOf", "allOf", "$ref"]), ODD)


@pytest.mark.parametrize("missing", [None, {}, [], "x"])
@pytest.mark.parametrize("cleaner", CLEANERS)
def test_a_missing_schema_is_an_empty_object_s(missing, cleaner):
    assert clean(missing, cleaner) == {"type": "object", "properties": {}}


def test_without_a_cleaner_a_schema_stays_as_it_is():
    schema = {"type": "object", "properties": {"a": {"$ref": "#/x"}}, "additionalProperties": False}
    assert clean(schema, "none") == schema


@pytest.mark.parametrize("cleaner", CLEANERS)
@given(schema=SCHEMAS)
def test_no_schema_is_changed_in_place_or_trips_a_cleaner(cleaner, schema):
    before = deepcopy(schema)
    assert isinstance(clean(schema, cleaner), dict)
    assert schema == before


def test_gemini_gets_no_additional_properties_anywhere_yet_keeps_a_property_of_that_name():
    inner = {"type": "object", "additionalProperties": False, "properties": {"x": {"type": "null"}}}
    schema = {
        "type": "object",
        "properties": {
            "additionalProperties": {"anyOf": [inner, {"type": "array", "items": inner}]}
        },
    }
    cleaned = clean(schema, "gemini")
    assert "additionalProperties" in cleaned["properties"]
    assert "additionalProperties" not in str(cleaned["properties"]["additionalProperties"])


def test_gemini_gets_references_resolved_even_circular_ones():
    schema = {
        "type": "object",
        "properties": {"tree": {"$ref": "#/$defs/node"}},
        "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}},
    }
    cleaned = clean(schema, "gemini")
    assert "$" not in str(cleaned)
    assert cleaned["properties"]["tree"]["properties"]["next"]["type"] == "object"


def test_gemini_gets_all_of_folded_in():
    part = {"type": "object", "properties": {"b": {"type": "string"}}}
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "allOf": [part]}
    assert set(clean(schema, "gemini")["properties"]) == {"a", "b"}


def test_openai_gets_no_union_at_the_top():
    schema = {
        "type": "object",
        "properties": {"a": {"anyOf": [{}]}},
        "anyOf": [{"required": ["a"]}],
    }
    assert clean(schema, "openai") == {"type": "object", "properties": {"a": {"anyOf": [{}]}}}
