"""JSON values for tests: any at all, tables, and the shapes that TOON writers trip over."""

from typing import Any

from hypothesis import strategies as st

TRICKY = (
    "-",
    "- a",
    "a: b",
    "[1]",
    "[2]{a,b}:",
    "1",
    "1e5",
    "05",
    "null",
    "#",
    "{}",
    " ",
    "\t",
    "\r",
)
ODD = ("\x00", "\x7f", "\x85", "\u2028", "é", "😀", '"', "\\", "a,b", "a|b", "")

numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=20) | st.sampled_from(TRICKY + ODD)
leaves = st.none() | st.booleans() | numbers | texts
keys = texts | st.sampled_from(("id", "name", "a-b", "a.b", "0"))


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.lists(inner, max_size=6),
        st.dictionaries(keys, inner, max_size=6),
        st.lists(st.fixed_dictionaries({"id": inner, "a-b": inner}), max_size=6),
    )


values = st.recursive(leaves, _grown, max_leaves=12)
documents = _grown(values)


def _row(number: int, name: str, ok: bool) -> dict[str, Any]:
    return {"id": number, "name": name, "ok": ok}


plain_rows = st.lists(
    st.builds(_row, st.integers(0, 10**6), texts, st.booleans()), min_size=8, max_size=30
)
