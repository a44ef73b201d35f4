"""Like objects say their keys once, and every value comes back to the digit."""

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proxy.rewrite.results import shrink
from proxy.rewrite.results.shapes import shapes
from proxy.rewrite.results.shapes.columns import code
from proxy.rewrite.results.shapes.read import read
from proxy.rewrite.results.shapes.words import word
from proxy.rewrite.results.shapes.write import write
from proxy.tokens.counter import count
from tests.proxy.rewrite.grep_rows import grep_rows
from tests.proxy.rewrite.jsons import documents, leaves, texts

ODD_WORDS = (
    "a",
    "A",
    "A(1)",
    "A[",
    "B.x by letter: a=1",
    "*",
    "x*y",
    "=",
    "k=v",
    "a,b",
    "-0",
    "1e9",
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "id": leaves,
            "kind": st.sampled_from(("open for discussion", "closed as done", "1", "", "true")),
            "url": st.integers(0, 99).map(lambda n: f"https://example.com/items/{n}.json"),
            "odd": st.sampled_from(ODD_WORDS) | texts,
        }
    ),
    max_size=12,
)


@given(documents | rows | st.fixed_dictionaries({"a": rows, "b": st.lists(rows, max_size=3)}))
@example([{"a": 1}, {"a": 1.0}])
@example([{"a": 0.0}, {"a": -0.0}])
@example([{"a": 1}, {"a": True}])
@example([{"a": {}}, {"a": []}, {"a": ""}])
@example([{"a": 2**64 - 1}, {"a": 1e300}])
def test_what_is_written_reads_back_the_same(value: object) -> None:
    said = write(value)
    assert said is None or orjson.dumps(read(said)) == orjson.dumps(value)


@given(st.sampled_from(ODD_WORDS) | texts)
def test_a_word_without_quotes_is_that_word(text: str) -> None:
    said = write([{"k": text, "n": 0}, {"k": text + "!", "n": 1}])
    assert said is not None and read(said)[0]["k"] == text
    assert word(text) == text or orjson.loads(word(text)) == text


@pytest.mark.parametrize("seed", range(8))
def test_sixty_matches_lose_two_thirds_of_their_tokens_and_no_value(seed: int) -> None:
    matches = grep_rows(seed)
    given = orjson.dumps(matches).decode()
    assert 11_000 < len(given) < 14_000
    shrunk = shrink(given)
    assert shrunk is not None
    assert count(shrunk.text) <= 0.35 * count(given)
    assert all(str(value) in shrunk.text for row in matches for value in row.values())


def test_a_table_says_once_what_is_the_same_in_all_rows() -> None:
    table = [{"id": n, "state": "open", "url": f"https://h.example/p/{n}/edit"} for n in range(9)]
    said = write(table)
    assert said is not None
    assert said.split("\n")[1:5] == [
        "A(id,state=open,url)",
        "A.url for *: https://h.example/p/*/edit",
        "",
        "A[",
    ]
    assert said.count("open") == 1 and said.count("https") == 1


def test_like_objects_share_their_keys_wherever_they_stand() -> None:
    flight = {"number": "X1", "seats": {"economy": 3, "business": 1}}
    value = {"out": [[flight, {**flight, "number": "X2"}], [flight]], "best": flight}
    said = write(value)
    assert said is not None and said.count("economy") == said.count("number") == 1
    assert read(said) == value


@pytest.mark.parametrize(
    "text",
    [
        '[{"a":1,"a":2},{"a":1,"a":2}]',
        '[{"a":1.10},{"a":1.10}]',
        '[{"a":123456789012345678901234567890},{"a":1}]',
        '[{"a":1},{"a":2}',
        "[]",
        '{"a":1}',
    ],
)
def test_what_would_not_come_back_to_the_letter_is_left_alone(text: str) -> None:
    assert shapes(text) is None


def test_text_of_another_kind_is_refused() -> None:
    for text in ("", "x", "JSON; NAME(values) is an object with the keys of NAME:\nA(x)\n\nA("):
        with pytest.raises((ValueError, KeyError)):
            read(text)


@given(st.integers(0, 2_000))
def test_each_number_has_letters_of_its_own(number: int) -> None:
    assert code(number) != code(number + 1) and code(number).isalpha()
