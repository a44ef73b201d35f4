"""The cache answers plain questions, and keeps whole answers of text."""

from typing import Any

import pytest

from proxy.cache.eligible import eligible, worth_keeping
from proxy.dialects.model import (
    Answer,
    Block,
    Image,
    Message,
    Other,
    Request,
    StopReason,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Usage,
)

NEEDS = "tools offered for a question that may need them"
PROVIDERS = "tools offered that run at the provider"


def asking(*texts: str, **more: Any) -> Request:
    roles = ("user", "assistant")
    messages = [Message(roles[n % 2], [Text(text)]) for n, text in enumerate(texts)]
    return Request("anthropic", "m", messages, more.pop("body", {}), **more)


def test_a_plain_question_may_be_answered() -> None:
    assert eligible(asking("What is a monad?")) == (True, "no tools, first turn")


def test_a_question_that_stands_alone_may_be_answered_where_tools_are_offered() -> None:
    offered = asking("What is a monad in Haskell?", tools=[Tool("Read")])
    assert eligible(offered) == (True, "a question that needs no tools, first turn")
    offered.messages[0].blocks.insert(0, Text("main.py is open in the editor"))
    assert eligible(offered) == (False, NEEDS)


def test_a_request_without_messages_is_not_eligible_whatever_it_offers() -> None:
    assert eligible(asking(tools=[Tool("Read")])) == (False, NEEDS)


def test_a_history_may_be_of_any_length() -> None:
    assert eligible(asking("Hi", "Hello", "Name a prime")) == (True, "no tools, same history")


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (asking("Fix the login", tools=[Tool("Read")]), NEEDS),
        (asking("What is a monad in Haskell?", tools=[Tool("s", kind="server")]), PROVIDERS),
        (asking("Name a prime", temperature=0.9), "temperature above 0.5"),
        (asking("Name a prime", body={"n": 3}), "more than one answer asked for"),
        (asking("x", body={"previous_response_id": "r"}), "state kept at the provider"),
        (asking("x", body={"mcp_servers": [{}]}), "tools offered"),
        (asking("x", body={"web_search_options": {"a": 1}}), "web search asked for"),
        (asking("Name a prime", "Sure, it is"), "no question at the end"),
        (asking("   \n"), "an empty question"),
        (asking(""), "an empty question"),
        (asking(), "no question at the end"),
        (asking("a" * 500_000), "too long"),
        (asking("What time is it?"), "depends on the moment"),
        (asking("How is the weather in Oslo?"), "depends on the moment"),
        (asking("Give me a random number"), "depends on the moment"),
        (asking("x" * 5_000 + " What is the news today?"), "depends on the moment"),
    ],
)
def test_what_may_not_says_why(request_: Request, why: str) -> None:
    assert eligible(request_) == (False, why)


@pytest.mark.parametrize(
    "block",
    [
        Image(url="https://x/y.png"),
        ToolCall("c", "Read", "{}"),
        ToolResult("c", []),
        Thinking("hm"),
        Other({"type": "document"}),
    ],
)
def test_more_than_text_anywhere_may_not(block: Block) -> None:
    request = asking("Name a prime", "2", "And the next?")
    request.messages[0].blocks.append(block)
    assert eligible(request) == (False, "more than text")
    with_system = asking("Name a prime", system=[block])
    assert eligible(with_system) == (False, "more than text")


def test_the_temperature_is_as_configured() -> None:
    assert eligible(asking("Name a prime", temperature=0.0)).ok
    assert eligible(asking("Name a prime", temperature=0.9), max_temperature=1.0).ok
    assert not eligible(asking("Name a prime", temperature=0.1), max_temperature=0.0).ok


def answer(stop: StopReason, *blocks: Block) -> Answer:
    return Answer("a", "m", list(blocks), stop, Usage())


def test_whole_answers_of_text_are_kept() -> None:
    assert worth_keeping(answer("end_turn", Text("two")))
    assert worth_keeping(answer("stop_sequence", Thinking("hm", "sig"), Text("two")))


@pytest.mark.parametrize(
    "cut",
    [
        answer("max_tokens", Text("tw")),
        answer("refusal", Text("no")),
        answer("tool_use", Text("let me see"), ToolCall("c", "Read", "{}")),
        answer("end_turn", Text("let me see"), ToolCall("c", "Read", "{}")),
        answer("end_turn", Text("x"), Other({"type": "new"})),
        answer("end_turn"),
        answer("end_turn", Text("  ")),
        answer("end_turn", Thinking("hm")),
    ],
)
def test_what_is_cut_refused_empty_or_a_call_is_not_kept(cut: Answer) -> None:
    assert not worth_keeping(cut)
