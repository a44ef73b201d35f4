"""Which requests are the work, and which a client makes on the side."""

from typing import Any

import orjson
import pytest

from proxy.classes import class_of
from proxy.dialects.table import DIALECTS
from proxy.reading import read

TOOL = {"name": "Edit", "description": "", "input_schema": {"type": "object"}}
SEARCH = {"type": "web_search_20250305", "name": "web_search"}
TALK = [
    {"role": "user", "content": "Fix the login page"},
    {"role": "assistant", "content": "I fixed it."},
]
COMPACT = (
    "Your task is to create a detailed summary of the conversation so far, with attention to what "
    "was asked and what was done. Include the following sections: the goal, the files that were "
    "touched, errors and how they were mended, what is left to do."
)
HEADER = "x-claude-code-request-class"


def kind(messages: Any, headers: dict[str, str] | None = None, **fields: Any) -> str:
    said = [{"role": "user", "content": messages}] if isinstance(messages, str) else messages
    body = {"model": "m", "max_tokens": 1000, "messages": said, **fields}
    return class_of(headers or {}, read(orjson.dumps(body), DIALECTS["anthropic"]))


def test_work_is_main():
    assert kind("Fix the login page", tools=[TOOL]) == "main"
    assert kind("What is a monad?") == "main"
    assert kind([*TALK, {"role": "user", "content": "Summarize what you did"}]) == "main"


def test_a_sub_agent_says_so():
    assert kind("Look around", {"x-claude-code-agent-id": "a1"}, tools=[TOOL]) == "subagent"
    assert kind("Look around", {HEADER: "subagent"}, tools=[TOOL]) == "subagent"
    assert kind("Look around", {HEADER: "workflow"}, tools=[TOOL]) == "subagent"


def test_a_summary_of_the_conversation_is_compaction_with_or_without_tools():
    asked = [*TALK, {"role": "user", "content": COMPACT}]
    assert kind(asked) == kind(asked, tools=[TOOL]) == "compaction"
    short = [*TALK, {"role": "user", "content": "go"}]
    assert kind(short, {HEADER: "compaction"}) == "compaction"


def test_a_person_who_wants_a_summary_is_at_work():
    assert kind(COMPACT) == "main", "there is no conversation to compact"
    pasted = [*TALK, {"role": "user", "content": COMPACT + "x" * 20_000}]
    assert kind(pasted, tools=[TOOL]) == "main"


def test_titles_and_topics():
    system = "Generate a concise title, at most six words, for this coding session."
    assert kind("Fix the login page", system=system) == "title"
    topic = "Say whether this message opens a new conversation topic. Answer as JSON."
    assert kind("Fix the login page", system=topic) == "title"
    assert kind("Fix the login page", system=system, tools=[TOOL]) == "main"
    assert kind("Write a title for my blog post") == "main", "a person asked"


def test_probes_and_errands():
    assert kind("quota", max_tokens=1) == "warmup"
    assert kind("Warmup", tools=[TOOL]) == "warmup"
    assert kind("Search for cats", tools=[SEARCH]) == "side"
    assert kind("[SUGGESTION MODE: suggest what comes next]") == "side"
    assert kind("something small", {HEADER: "auxiliary"}) == "side"


@pytest.mark.parametrize("said", ["auxiliary", "compaction", "nonsense", ""])
def test_a_header_makes_no_work_cheap(said: str):
    assert kind("Fix the login page", {HEADER: said}, tools=[TOOL]) == "main"
