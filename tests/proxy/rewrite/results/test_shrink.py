"""Shorter tool results: the same value, never more text, and anything odd as it came."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proxy.rewrite.results import LARGEST, SMALLEST, restore, shrink, worth_trying
from proxy.rewrite.results.compact import compact
from proxy.rewrite.results.memo import Memo
from proxy.rewrite.results.technique import Shrunk
from proxy.rewrite.results.toon import toon
from tests.proxy.rewrite.jsons import documents, plain_rows

DATA = Path(__file__).parents[4].parent / "shared" / "data"
LAYOUTS = (0, orjson.OPT_INDENT_2, orjson.OPT_APPEND_NEWLINE)
NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(-?\d[\d.eE+-]*)')


def dump(value: Any, option: int = 0) -> str:
    return orjson.dumps(value, option=option).decode()


def same(a: Any, b: Any) -> bool:
    """Equal to the type, the digit and the order of keys."""
    return orjson.dumps(a) == orjson.dumps(b)


def decode(shrunk: Shrunk) -> Any:
    return orjson.loads(restore(shrunk))


def table(rows: int) -> list[dict[str, Any]]:
    return [{"id": n, "name": f"file {n}", "path": f"src/{n}.py", "ok": True} for n in range(rows)]


@given(documents, st.sampled_from(LAYOUTS))
@example([0.0], 0)  # TOON says 0
@example([5.904709100249694e16], 0)  # TOON gives another number
@example([1e300], 0)  # TOON raises
def test_every_json_value_comes_back(value: Any, layout: int) -> None:
    text = dump(value, layout)
    shrunk = shrink(text)
    assert shrunk is None or same(decode(shrunk), value)


@given(documents, st.sampled_from(LAYOUTS))
def test_nothing_grows(value: Any, layout: int) -> None:
    text = dump(value, layout)
    shrunk = shrink(text)
    assert shrunk is None or len(shrunk.text) < len(text)


@given(documents, st.sampled_from(LAYOUTS))
def test_once_is_as_good_as_twice(value: Any, layout: int) -> None:
    shrunk = shrink(dump(value, layout))
    assert shrunk is None or shrink(shrunk.text) is None


@given(plain_rows)
def test_a_table_is_said_with_its_keys_once(rows: list[dict[str, Any]]) -> None:
    shrunk = shrink(dump(rows))
    assert shrunk is not None and {"shapes", "toon"} & {*shrunk.technique.split("+")}
    assert shrunk.text.count("name") <= 2 + sum("name" in row["name"] for row in rows)
    assert same(decode(shrunk), rows)


@given(
    st.lists(
        st.from_regex(
            r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
        )
    )
)
def test_numbers_keep_their_spelling_in_compact_json(numbers: list[str]) -> None:
    text = '{"values": [' + ", ".join(numbers) + '], "s": "1.50 \\u00e9"}'
    made = compact(text)
    assert made is not None
    assert [n for n in NUMBER.findall(made) if n] == numbers


def test_rows_whose_keys_stand_in_another_order_keep_it() -> None:
    rows = [{"id": n, "name": "x"} if n % 2 else {"name": "x", "id": n} for n in range(50)]
    shrunk = shrink(dump(rows))
    assert shrunk is not None and same(decode(shrunk), rows)


def test_keys_that_stand_twice_both_stay() -> None:
    assert compact('{"a": 1, "a": 2}') == '{"a":1,"a":2}'
    assert toon('{"a":1,"a":2}') is None


def test_blanks_in_strings_stay_and_escapes_are_undone() -> None:
    assert compact('{ "a  b" : "x \\u00e9 \\/ \\n  \\" {  }" }') == '{"a  b":"x é / \\n  \\" {  }"}'


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2',
        "{'a': 1}" + "." * 300,
        '{"a": NaN, "b": Infinity}',
        '{"a": "\\ud800"}',
        '{"a": "\ud800"}',
        '{"a": 1} {"b": 2}',
        "{" * 5_000 + "}" * 5_000,
        "[" * 3_000 + "]" * 3_000,
        '{"a":' * 600 + "1" + "}" * 600,
        "[INFO] started\n[WARN] slow [x]",
        "{\x00\x01\x02}",
    ],
)
def test_what_is_not_json_passes(text: str) -> None:
    assert shrink(text) is None


def test_small_and_huge_results_are_not_looked_at() -> None:
    assert not worth_trying(dump(table(1)).ljust(SMALLEST - 1))
    assert worth_trying(dump(table(100)))
    huge = "[" + "1, " * (LARGEST // 3) + "1]"
    assert len(huge) > LARGEST and not worth_trying(huge)
    assert not worth_trying("[" * 10_000_000)
    assert not worth_trying("plain words of no shape at all." * 100)


def test_the_memo_gives_what_was_made_and_forgets_the_oldest() -> None:
    memo, made = Memo(3_000), list[bytes]()

    def ask(key: bytes) -> Shrunk | None:
        def make() -> Shrunk:
            made.append(key)
            return Shrunk("a" * 1_000, "x")

        return memo(key, make)

    assert ask(b"a") == ask(b"a") == Shrunk("a" * 1_000, "x")
    ask(b"b")
    ask(b"a")
    ask(b"c")
    assert made == [b"a", b"b", b"c"]
    assert b"a" in memo and b"b" not in memo and b"c" in memo


def rows_of(name: str) -> list[dict[str, Any]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not there")
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def test_json_as_apis_give_it_is_never_larger_than_compact() -> None:
    for row in rows_of("json_dev.jsonl"):
        text = dump(row["value"])
        for layout in LAYOUTS:
            shrunk = shrink(dump(row["value"], layout))
            assert shrunk is None or (
                len(shrunk.text) <= len(text) and same(decode(shrunk), row["value"])
            )


def test_results_of_a_real_agent_lose_a_third_of_their_characters() -> None:
    before = after = 0
    for row in rows_of("results_tau_airline.jsonl"):
        text = row["result"]
        shrunk = shrink(text) if worth_trying(text) else None
        if shrunk:
            assert same(decode(shrunk), orjson.loads(text))
        before += len(text)
        after += len(shrunk.text) if shrunk else len(text)
    assert after < 0.67 * before
