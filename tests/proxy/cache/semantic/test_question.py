"""Only the last user text may differ between two questions of one partition, in every dialect."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.cache.semantic.question import LONGEST, Question, question_of
from proxy.clients.reading import read
from proxy.dialects.table import DIALECTS
from proxy.routing.table import Target
from tests.proxy.rewrite.jsons import documents

TARGET = Target("up", "small")
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip)


def asked(dialect: str, body: dict[str, Any], **more: Any) -> Question | None:
    request = read(orjson.dumps(body), DIALECTS[dialect])
    return question_of(request, **{"target": TARGET, "credential": "sk-1", **more})


def messages(text: Any, *earlier: Any, **more: Any) -> dict[str, Any]:
    turns = [*earlier, {"role": "user", "content": text}]
    return {"model": "m", "max_tokens": 9, "messages": turns, **more}


def chat(text: Any, *earlier: Any, **more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [*earlier, {"role": "user", "content": text}], **more}


def responses(text: Any, *earlier: Any, **more: Any) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}] if isinstance(text, str) else text
    items = [*earlier, {"type": "message", "role": "user", "content": content}]
    return {"model": "m", "store": False, "input": items, **more}


WRITERS = {"anthropic": messages, "openai_chat": chat, "openai_responses": responses}
HI = {"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hello."}
BYE = {"role": "user", "content": "bye"}, {"role": "assistant", "content": "Hello."}
SCHEMA = {"type": "object", "properties": {}}
FUNCTION = {"type": "function", "name": "Look", "parameters": SCHEMA}

OTHER: dict[str, dict[str, dict[str, Any]]] = {
    "anthropic": {
        "system": messages("q", system="Be brief."),
        "history": messages("q", *HI),
        "another history": messages("q", *BYE),
        "tools": messages("q", tools=[{"name": "Look", "input_schema": SCHEMA}]),
        "temperature": messages("q", temperature=0.1),
        "length": messages("q", max_tokens=10),
        "format": messages("q", output_config={"format": {"type": "json_schema", "schema": {}}}),
        "a pasted block": messages([{"type": "text", "text": "x"}, {"type": "text", "text": "q"}]),
        "another paste": messages([{"type": "text", "text": "y"}, {"type": "text", "text": "q"}]),
    },
    "openai_chat": {
        "system": chat("q", {"role": "system", "content": "Be brief."}),
        "history": chat("q", *HI),
        "another history": chat("q", *BYE),
        "tools": chat("q", tools=[{"type": "function", "function": {"name": "Look"}}]),
        "temperature": chat("q", temperature=0.1),
        "seed": chat("q", seed=1),
        "format": chat("q", response_format={"type": "json_object"}),
        "a pasted part": chat([{"type": "text", "text": "x"}, {"type": "text", "text": "q"}]),
    },
    "openai_responses": {
        "system": responses("q", instructions="Be brief."),
        "history": responses("q", *HI),
        "another history": responses("q", *BYE),
        "tools": responses("q", tools=[FUNCTION]),
        "effort": responses("q", reasoning={"effort": "low"}),
        "format": responses("q") | {"text": {"format": {"type": "json_object"}}},
        "a pasted part": responses(
            [{"type": "input_text", "text": "x"}, {"type": "input_text", "text": "q"}]
        ),
    },
}


@pytest.mark.parametrize("dialect", WRITERS)
def test_whatever_else_differs_is_another_partition(dialect: str):
    found = [asked(dialect, body) for body in (WRITERS[dialect]("q"), *OTHER[dialect].values())]
    assert all(one is not None and one.text == "q" for one in found)
    assert len({one.partition for one in found if one}) == len(OTHER[dialect]) + 1


@pytest.mark.parametrize("dialect", WRITERS)
@given(one=texts, other=texts)
def test_other_words_stay_in_the_partition(dialect: str, one: str, other: str):
    found = [asked(dialect, WRITERS[dialect](text, *HI)) for text in (one, other)]
    assert found[0] is not None and found[1] is not None
    assert (found[0].text, found[1].text) == (one, other)
    assert found[0].partition == found[1].partition


@given(documents, documents)
def test_fields_that_nobody_knows_are_told_apart(one: Any, other: Any):
    found = [asked("anthropic", messages("q", unknown=value)) for value in (one, other)]
    assert found[0] is not None and found[1] is not None
    same = orjson.dumps(one) == orjson.dumps(other)
    assert same == (found[0].partition == found[1].partition)


@pytest.mark.parametrize(
    "more",
    [
        {"credential": "sk-2"},
        {"target": Target("up", "large")},
        {"target": Target("other", "small")},
        {"session_scope": "s"},
        {"headers": ["context-1m"]},
    ],
)
def test_another_key_model_session_or_beta_is_another_partition(more: dict[str, Any]):
    one, other = asked("anthropic", messages("q")), asked("anthropic", messages("q"), **more)
    assert one is not None and other is not None and one.partition != other.partition


def test_no_partition_of_one_dialect_is_one_of_another():
    found = [asked(name, write("q")) for name, write in WRITERS.items()]
    assert len({one.partition for one in found if one}) == 3


@pytest.mark.parametrize(
    "content",
    [
        " \n",
        "x" * (LONGEST + 1),
        [{"type": "image", "source": {"type": "url", "url": "https://x.example/y.png"}}],
    ],
    ids=["blank", "huge", "no text"],
)
def test_what_is_no_short_text_is_no_question(content: Any):
    assert asked("anthropic", messages(content)) is None
