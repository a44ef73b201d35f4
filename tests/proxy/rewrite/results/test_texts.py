"""Listings, paths, logs and long words: shorter, and to be undone to the letter."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.rewrite.results import TECHNIQUES, restore, shrink
from proxy.rewrite.results.folding import folding
from proxy.rewrite.results.gutter import gutter
from proxy.rewrite.results.legend import legend
from proxy.rewrite.results.listing import listing
from proxy.rewrite.results.paths import paths
from proxy.rewrite.results.source import Source
from proxy.tokens.counter import count

READ = Source(exact=True, numbered=True)

places = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(("src/a.py", "src/b-2-c.py", "a", "C:/x/y.c", "12", "")),
    st.sampled_from((":", "-", "(")),
    st.integers(0, 99).map(str),
    st.sampled_from((": text", "-text", ",5): error", ":", " no place", ":12:")),
)
heads = st.sampled_from(
    (
        'Folded: "N× line" stands for N lines; {} is filled, line by line, from below it:',
        "Each path stands once, above its lines:",
        "Paths, by folder:",
        "Read $1 and so on as:",
        "3× a {}",
        "$1=https://example.com/a/very/long/path",
        "src/",
        "",
    )
)
log_lines = st.builds(
    "{} {} took {} ms{}".format,
    st.sampled_from(("INFO", "WARN", "{}", "2×", "100%s", "%")),
    st.sampled_from(("GET /users/1", "GET /users/27", "load  two")),
    st.integers(0, 999),
    st.sampled_from(("", " ", "!", " {}")),
)
words = st.sampled_from(
    ("https://example.com/a/very/long/path", "https://example.com/a/very/long/path/more", "$1", "x")
)
lines = st.lists(places | heads | log_lines | words | st.text(max_size=12), max_size=30)
texts = lines.map("\n".join) | lines.map(lambda found: "\n".join(sorted(found)))


@pytest.mark.parametrize("name", ["paths", "listing", "folding", "legend"])
@given(text=texts | st.text(max_size=200))
def test_what_is_made_of_any_text_restores_it(name: str, text: str) -> None:
    technique = TECHNIQUES[name]
    made = technique.apply(text)
    assert made is None or technique.restore(made) == text


@given(texts)
def test_all_together_restore_what_a_terminal_shows(text: str) -> None:
    shrunk = shrink(text)
    shown = TECHNIQUES["terminal"].apply(text) or text
    assert shrunk is None or (len(shrunk.text) < len(text) and restore(shrunk) == shown)


SEARCH = "\n".join(
    f"/home/u/project/src/part{n // 8}/file{n // 8}.py:{n * 7}:    return value_{n * n} + 1"
    for n in range(60)
)
FOUND = "\n".join(f"./packages/core/src/part{n // 10}/file{n}.ts" for n in range(60)) + "\n"
LOG = "\n".join(
    f"2026-05-01T12:00:{n % 60:02} INFO server GET /api/users/{n * 37 % 101} 200 {n % 7}ms"
    for n in range(60)
)
ADDRESSES = "\n".join(
    f"fetched https://registry.example.com/packages/scope/name/-/name-{n * n}.tgz in {n}" + "x" * n
    for n in range(20)
)


@pytest.mark.parametrize(
    ("text", "technique", "most"),
    [
        (SEARCH, listing, 0.7),
        (FOUND, paths, 0.6),
        (LOG, folding, 0.45),
        (ADDRESSES, legend, 0.85),
        ("waiting for the server\n" * 50, folding, 0.3),
    ],
)
def test_the_shape_it_is_made_for_takes_far_fewer_tokens(
    text: str, technique: Callable[[str], str | None], most: float
) -> None:
    made = technique(text)
    assert made is not None and count(made) <= most * count(text)
    assert shrink(text) is not None


def test_every_match_of_a_search_can_still_be_read_straight_off() -> None:
    shrunk = shrink(SEARCH)
    assert shrunk is not None and shrunk.technique == "listing"
    for line in SEARCH.split("\n"):
        path, number, match = line.split(":", 2)
        assert path in shrunk.text and f":{number}:{match}" in shrunk.text


def test_times_of_day_are_no_places() -> None:
    assert listing("\n".join(f"2026-05-01T12:00:{n:02} up" for n in range(20))) is None
    assert listing("\n".join(f"12:00:{n:02} up" for n in range(20))) is None


def test_a_listing_of_names_keeps_every_name() -> None:
    names = [
        f"-rw-r--r-- 1 u u {n * 991} May {n % 30:2} 12:{n % 60:02} file_{n}.txt" for n in range(60)
    ]
    shrunk = shrink("total 60\n" + "\n".join(names))
    text = restore(shrunk) if shrunk else "\n".join(names)
    assert all(name in text for name in names)


def numbered(lines: list[str], first: int = 1, sign: str = "→") -> str:
    return "\n".join(f"{n:6}{sign}{line}" for n, line in enumerate(lines, first))


@given(
    st.lists(st.text(st.characters(exclude_characters="\n")), min_size=4, max_size=30),
    st.integers(1, 99_990),
    st.sampled_from("→\t"),
)
def test_only_the_gutters_padding_goes(lines: list[str], first: int, sign: str) -> None:
    text = numbered(lines, first, sign)
    made = gutter(text)
    assert made is not None
    assert made.split("\n") == [f"{n}{sign}{line}" for n, line in enumerate(lines, first)]


def test_a_read_with_a_reminder_below_and_an_edit_with_a_sentence_above() -> None:
    code = numbered(["def f():", "\treturn 1", "", "    x = 2  "])
    below = f"{code}\n\n<system-reminder>\n     1→not a line\n</system-reminder>"
    assert gutter(below) == below.replace("     ", "", 4)
    above = f"The file x.py has been updated:\n{code}"
    made = gutter(above)
    assert made is not None and made.startswith("The file x.py has been updated:\n1→def f():\n2→\t")


def test_numbers_that_are_a_files_own_stay() -> None:
    counts = "\n".join(f"{n:6}\tword{n}" for n in (3, 7, 9, 12, 14, 15))
    assert gutter(counts) is None
    assert shrink(numbered(["x" * 40] * 20), Source(exact=True)) is None
    assert gutter(numbered(["a", "b"])) is None


def test_a_files_text_is_otherwise_untouched() -> None:
    for text in (LOG, SEARCH, FOUND, ADDRESSES, "same line\n" * 99):
        assert shrink(text, READ) is None
