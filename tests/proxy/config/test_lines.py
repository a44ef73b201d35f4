"""Each key's line is found, however the TOML is laid out."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config.lines import Path, line_of, lines

LAYOUT = '''\
top = 1  # [not.a.table]
"quoted \\"key\\"" = "# no comment"
a.b.'c d' = 3

[table]
text = """
[not]
key = "x" \\""" still """
literal = \'\'\'
it's [[not]]
\'\'\'\'\'
list = [ # the first
  1, [2,
  3], # ] }
  "a]b",
]
inline = { x = 1, y.z = [1, {w = 2}] }
when = 1979-05-27 07:32:00

[ "dotted" . sub ] # here
k=1
[[row]]
n = 1
[[row]]
  n = 2
  [row.sub]
  m = 3
  [[row.deep]]
  o = 1
[[row]]
'''
WANTED: dict[Path, int] = {
    ("top",): 1,
    ('quoted "key"',): 2,
    ("a", "b", "c d"): 3,
    ("table",): 5,
    ("table", "text"): 6,
    ("table", "literal"): 9,
    ("table", "list"): 12,
    ("table", "list", 0): 13,
    ("table", "list", 1): 13,
    ("table", "list", 1, 1): 14,
    ("table", "list", 2): 15,
    ("table", "inline", "y", "z", 1, "w"): 17,
    ("table", "when"): 18,
    ("dotted",): 20,
    ("dotted", "sub"): 20,
    ("dotted", "sub", "k"): 21,
    ("row",): 22,
    ("row", 0, "n"): 23,
    ("row", 1): 24,
    ("row", 1, "n"): 25,
    ("row", 1, "sub", "m"): 27,
    ("row", 1, "deep", 0, "o"): 29,
    ("row", 2): 30,
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_has_its_line(newline: str) -> None:
    tomllib.loads(LAYOUT)
    found = lines(LAYOUT.replace("\n", newline))
    assert {path: found.get(path) for path in WANTED} == WANTED


def test_a_key_that_is_not_there_has_the_line_of_its_table() -> None:
    found = lines(LAYOUT)
    assert line_of(found, ("table", "gone", 3)) == 5
    assert line_of(found, ("gone",)) == 1


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.one_of(st.integers(-99, 99), st.booleans(), KEYS)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_one_key_a_line_is_one_line_a_key(body: dict[str, object]) -> None:
    import tomlkit

    text = "\n" + tomlkit.dumps(body)
    found = lines(text)
    for number, key in enumerate(body, start=2):
        assert found[(key,)] == number
    assert len([path for path in found if len(path) == 1]) == len(body)
