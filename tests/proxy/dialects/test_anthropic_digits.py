"""Arguments of calls keep the very text that came, where parsing would round their numbers."""

import json  # noqa: TID251  # it writes integers of any length, which is the point here
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.anthropic.digits import exact_calls
from proxy.dialects.model import ToolCall

NUMBERS = st.integers() | st.integers(10**19, 10**40) | st.integers(-(10**40), -(10**19))
VALUES = st.recursive(
    NUMBERS | st.text(st.characters(exclude_categories=["Cs"]), max_size=9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=6,
)
INPUTS = st.dictionaries(st.text("xyz", max_size=3), VALUES, max_size=3)


def calls_of(raw: bytes) -> list[str]:
    request = ANTHROPIC.parse(orjson.loads(raw))
    exact_calls(request, raw)
    blocks = [block for message in request.messages for block in message.blocks]
    return [block.arguments for block in blocks if isinstance(block, ToolCall)]


@given(st.lists(st.lists(INPUTS, max_size=3), min_size=1, max_size=3), st.booleans())
def test_every_number_of_every_call_is_the_one_that_came(turns: Any, spaced: bool) -> None:
    messages: list[dict[str, Any]] = [{"role": "user", "content": 'say "input": 1e99 \\'}]
    for at, inputs in enumerate(turns):
        uses = [
            {"type": "tool_use", "id": f"t{at}{n}", "name": "f", "input": given}
            for n, given in enumerate(inputs)
        ]
        said = {"type": "text", "text": '{[\\"', "input": {"not": 1.5}}
        messages.append({"role": "assistant", "content": [said, *uses]})
    raw = json.dumps({"model": "m", "messages": messages}, indent=2 if spaced else None).encode()
    found = [from_json(text) for text in calls_of(raw)]
    assert found == [given for inputs in turns for given in inputs]


def test_of_two_inputs_the_last_counts_as_in_parsing() -> None:
    use = b'{"type":"tool_use","id":"t","name":"f","input":{"a":1.0},"input":{"a":2.00}}'
    raw = b'{"model":"m","messages":[{"role":"assistant","content":[%b]}]}' % use
    assert calls_of(raw) == ['{"a":2.00}']


def test_arguments_that_nothing_rounded_are_written_as_ever() -> None:
    use = b'{"type":"tool_use","id":"t","name":"f","input": { "a" : 1 } }'
    raw = b'{"model":"m","messages":[{"role":"assistant","content":[%b]}]}' % use
    assert calls_of(raw) == ['{"a":1}']
