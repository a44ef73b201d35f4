"""A Chat client's own request passes as it came, save what its provider refuses."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_chat.bend import bend
from proxy.dialects.quirks import DEFAULT, Quirks

BODY: dict[str, Any] = {
    "model": "m",
    "temperature": 1.2,
    "stop": ["a", "b"],
    "reasoning_effort": "xhigh",
    "tool_choice": "required",
    "tools": [{"type": "function", "function": {"name": "f"}}],
    "messages": [{"role": "user", "content": "Hi", "name": "me"}],
}


def bent(model: str = "m", **quirks: Any) -> dict[str, Any]:
    return bend(BODY, model, Quirks(**quirks))


def test_a_provider_that_follows_its_dialect_gets_the_same_object() -> None:
    assert bend(BODY, "m", DEFAULT) is BODY
    assert bent(temperature_limit=2.0, stop_limit=2) == BODY


@given(st.floats(0, 2))
def test_a_temperature_is_never_over_the_limit_nor_changed_below_it(given: float) -> None:
    told = bend({**BODY, "temperature": given}, "m", Quirks(temperature_limit=1.0))
    assert told["temperature"] == min(given, 1.0)


def test_an_effort_goes_to_those_that_take_one_and_on_their_ladder() -> None:
    assert bent(efforts=("high", "max"))["reasoning_effort"] == "high"
    assert "reasoning_effort" not in bent(effort_models=("big",))
    assert bent("org/big-1", effort_models=("big",))["reasoning_effort"] == "xhigh"
    strange = bend({**BODY, "reasoning_effort": "auto"}, "m", Quirks(efforts=("high",)))
    assert strange["reasoning_effort"] == "auto"


def test_a_choice_that_can_not_be_told_is_left_to_the_provider() -> None:
    only_auto = Quirks(tool_choices=frozenset({"auto"}))
    assert "tool_choice" not in bend(BODY, "m", only_auto)
    assert bend(BODY, "m", only_auto)["tools"] == BODY["tools"]
    assert "tools" not in bend({**BODY, "tool_choice": "none"}, "m", only_auto)
    named = {"type": "function", "function": {"name": "f"}}
    assert "tool_choice" not in bend({**BODY, "tool_choice": named}, "m", only_auto)


def test_what_is_taken_away_is_told() -> None:
    quirks = Quirks(refuses=frozenset({"stop"}), tool_choices=frozenset({"auto"}))
    told = OPENAI_CHAT.dropped(OPENAI_CHAT.parse(BODY), quirks)
    assert told == [
        "stop: this provider refuses it",
        "tool_choice required: this provider takes auto",
    ]


def test_reasoning_is_given_back_empty_only_beside_calls_that_lost_theirs() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    said = [
        {"role": "assistant", "content": "x"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "assistant", "tool_calls": [call], "reasoning_content": "Hm."},
    ]
    quirks = Quirks(reasoning_field="reasoning_content")
    told = bend({**BODY, "messages": said}, "m", quirks)["messages"]
    assert [m.get("reasoning_content") for m in told] == [None, "", "Hm."]
