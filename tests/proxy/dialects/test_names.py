"""Names and ids: left alone where a provider takes them, else the same stand-in every time."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.model import Request, Tool
from proxy.dialects.names import ID_SHAPES, fresh_id, restore_names, wire_id, wire_name


@pytest.mark.parametrize("name", ["Read", "mcp__a__b", "x-1", "a" * 64])
def test_a_name_that_fits_stays(name):
    assert wire_name(name) == name


@given(st.text(min_size=1, max_size=200), st.integers(20, 64))
def test_every_name_fits_in_the_end(name, limit):
    made = wire_name(name, limit)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", made) and len(made) <= limit
    assert wire_name(name, limit) == made == wire_name(made, limit)


def test_long_names_that_start_alike_stay_apart_and_come_back():
    names = ["mcp__server__" + "x" * 60 + end for end in ("one", "two")]
    request = Request("anthropic", "m", [], {}, tools=[Tool(name) for name in names] + [Tool("T")])
    assert restore_names(request) == {wire_name(name): name for name in names}


@pytest.mark.parametrize("shape", ID_SHAPES)
@given(call_id=st.text(max_size=100))
def test_every_id_gets_the_provider_s_shape_and_the_same_one(shape, call_id):
    made = wire_id(call_id, shape)
    assert ID_SHAPES[shape][0].fullmatch(made)
    assert wire_id(call_id, shape) == made


def test_a_fresh_id_is_the_wanted_one_unless_it_is_taken():
    assert fresh_id("a", "seed", set()) == "a"
    made = fresh_id("a", "seed", {"a"})
    assert made not in ("", "a") and made == fresh_id("a", "seed", {"a"})
    assert fresh_id("a", "seed", {"a", made}) not in ("a", made)
    assert fresh_id("", "one", set()) != fresh_id("", "two", set())
