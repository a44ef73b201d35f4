"""What `balanced` leaves: failures, heads and outlines; the rest is one call away."""

from collections.abc import Callable

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.dialects.model import Message, Request, Text, Tool, ToolCall, ToolResult
from proxy.rewrite import RewriteSettings, rewrite
from proxy.rewrite.abridge import Abridged, abridge, id_of
from proxy.rewrite.abridge.view import view
from proxy.rewrite.results import shrink
from proxy.rewrite.results.source import OUTPUT, Source
from proxy.tokens.counter import count
from tests.proxy.rewrite.grep_rows import grep_rows

BALANCED = RewriteSettings(strip=False, never=frozenset(), level="balanced", fixed_prefix=True)
READ = Source(exact=True, numbered=True)


def gist(text: str, source: Source = OUTPUT) -> Abridged | None:
    return abridge(text, source, shrink(text, source))


def said(text: str, source: Source = OUTPUT) -> str:
    made = gist(text, source)
    assert made is not None and made.id == id_of(text)
    assert f'lynkr_recall id="{made.id}"' in made.shrunk.text
    return made.shrunk.text


@pytest.mark.parametrize("seed", range(8))
def test_sixty_matches_fall_by_seven_eighths(seed: int) -> None:
    text = orjson.dumps(grep_rows(seed)).decode()
    assert count(said(text)) <= 0.124 * count(text)


def test_failures_and_sums_stay_and_passing_tests_go() -> None:
    passing = [f"tests/test_{n // 9}.py::test_case_{n} PASSED [ {n}%]" for n in range(90)]
    failing = [
        "tests/test_x.py::test_bad FAILED",
        "=== FAILURES ===",
        "E   assert 1 == 2",
        "=== 1 failed, 90 passed in 3.1s ===",
    ]
    text = said("\n".join([*passing[:40], failing[0], *passing[40:], *failing[1:]]))
    assert all(line in text.split("\n") for line in failing)
    assert "test_case_7" not in text and "… 1-40" in text


@pytest.mark.parametrize(
    "line",
    [
        "  ✓ renders the list of items ({n} ms)",
        "test module::tests::case_{n} ... ok",
        "--- PASS: TestCase{n} (0.00s)",
        "tests/test_{n}.py ........................      [ 10%]",
        "ok {n} - parses a header of any length",
    ],
)
def test_runners_are_known_by_their_lines(line: str) -> None:
    text = "\n".join([*(line.format(n=n) for n in range(60)), "1 failed: case_61 was wrong"])
    made = said(text)
    assert "1 failed: case_61 was wrong" in made and line.format(n=30) not in made


def test_a_huge_file_keeps_its_head_and_outline_with_their_numbers() -> None:
    body = [f"    value_{n} = compute(value_{n - 1}, {n})" for n in range(1, 901)]
    for at in range(99, 900, 100):
        body[at] = f"def function_{at}(a, b):"
    text = said("\n".join(f"{n:6}→{line}" for n, line in enumerate(body, 1)), READ)
    assert "     1→    value_1 = compute(value_0, 1)" in text
    assert all(f"{at + 1:6}→def function_{at}(a, b):" in text for at in range(99, 900, 100))
    assert "value_451 " not in text


def test_a_file_of_moderate_size_and_a_part_that_was_asked_for_stay_whole() -> None:
    lines = [f"{n:6}→    value_{n} = compute(value_{n - 1}, {n})" for n in range(1, 901)]
    assert gist("\n".join(lines[:400]), READ) is None
    assert gist("\n".join(lines), replace(READ, part=True)) is None
    assert gist("\n".join(lines), READ) is not None


def test_a_search_keeps_some_of_each_file_and_counts_the_rest() -> None:
    rows = [f"src/part_{n // 20}/file.py:{n}:    call(value, {n * n})" for n in range(100)]
    text = said("\n".join(rows))
    assert all(rows[n] in text for n in (0, 1, 2, 20, 41, 80)) and rows[10] not in text
    assert "src/part_0/file.py 20" in text


def test_a_list_of_paths_keeps_its_ends_and_counts_by_folder() -> None:
    rows = [f"./src/part_{n // 100}/some_longer_file_name_{n * 37}.ts" for n in range(300)]
    text = said("\n".join(rows))
    assert rows[0] in text and rows[-1] in text and "./src/part_1 100" in text


def test_a_page_keeps_its_headings_and_how_each_section_opens() -> None:
    def prose(n: int) -> list[str]:
        return [
            " ".join(f"w{(n * 37 + k * k * 11 + j * j) % 997}" for j in range(40 + k))
            for k in range(6)
        ]

    sections = [[f"## Part {n}", "", f"Part {n} is about {n}.", *prose(n)] for n in range(12)]
    text = said("\n".join(line for section in sections for line in section))
    assert all(f"## Part {n}" in text and f"Part {n} is about {n}." in text for n in range(12))


def test_a_log_keeps_its_ends_and_what_tells_of_trouble() -> None:
    rows = [f"step {n * n} of the build: compiled unit_{n}.c" for n in range(400)]
    rows[200] = "unit_200.c:7: error: expected ';'"
    text = said("\n".join(rows))
    assert rows[0] in text and rows[200] in text and rows[399] in text and rows[100] not in text


@given(st.lists(st.sampled_from(["# h", "x" * 60, "a.py:1: y", "src/a", "ok 1", "", "✓ t"])))
def test_a_gist_is_less_and_names_lines_that_are_there(lines: list[str]) -> None:
    text = "\n".join(lines * 20)
    made = gist(text)
    if made is not None:
        assert len(made.shrunk.text) < len(text)
        assert all(
            line.startswith(("…", "[", "matches:", "by folder:")) or line in text
            for line in made.shrunk.text.split("\n")
        )


@pytest.mark.parametrize("text", ["", "x" * 2_000_001, "x" * 100_000, "[" * 5_000, "\x00\n" * 900])
def test_odd_results_pass(text: str) -> None:
    assert gist(text) is None or len(view(text)) > 1


LOG = "\n".join(f"step {n * n} of the build: compiled unit_{n}.c" for n in range(400))


def asking(keep: Callable[[str, str], bool] | None, settings: RewriteSettings) -> list[Message]:
    call = ToolCall("a", "Bash", '{"command":"make"}')
    messages = [Message("assistant", [call]), Message("user", [ToolResult("a", [Text(LOG)])])]
    asked = Request("anthropic", "m", messages, {}, tools=[Tool("Bash", raw={"name": "Bash"})])
    return rewrite(asked, settings, keep)[0].messages


def test_only_balanced_abridges_and_only_what_is_safe_in_the_store() -> None:
    stored: dict[str, str] = {}

    def keep(id: str, text: str) -> bool:
        stored[id] = text
        return True

    lossless = asking(None, replace(BALANCED, level="lossless"))
    assert asking(keep, replace(BALANCED, level="lossless")) == lossless and not stored
    assert asking(None, BALANCED) == lossless
    assert asking(lambda id, text: False, BALANCED) == lossless
    assert id_of(LOG) in repr(asking(keep, BALANCED)) and stored == {id_of(LOG): LOG}
