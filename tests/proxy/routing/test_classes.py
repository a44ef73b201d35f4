"""Which requests are the work, and which a client makes on the side."""

from typing import Any

import orjson
import pytest

from proxy.clients.reading import read
from proxy.dialects.table import DIALECTS
from proxy.routing.classes import class_of

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


@pytest.mark.parametrize(
    "asked",
    [
        "Write a summary of how the session context is built and what is still broken in it. Your "
        "task is then to provide a plan for the repair, file by file, and to say which tests would "
        "have to be written for each of the steps that you propose.",
        "Summarize the chat component's props and state, then create a plan to split it in three, "
        "with the tests that each part needs. Include the following: names, files, risks, and "
        "what another model would have to know to carry it out.",
        "Compact the thread view so that it fits 80 columns. Write a test for it first; you are "
        "free to change the history screen as well, so long as every line of its context stays "
        "visible to the person who reads it.",
    ],
)
def test_work_on_summaries_and_threads_is_no_compaction(asked: str):
    assert len(asked) > 150
    assert kind([*TALK, {"role": "user", "content": asked}]) == "main"


def test_work_on_titles_and_searches_is_no_errand():
    system = "You are an expert. Write code that sets the page's title from its route."
    assert kind("Fix the login page", system=system) == "main"
    assert kind("Do it", system="Create a detailed blog post with a title.") == "main"
    fields = {"title": {"type": "string"}, "body": {"type": "string"}}
    form = {"format": {"type": "json_schema", "schema": {"type": "object", "properties": fields}}}
    assert kind("Write the release notes", output_config=form) == "main"
    assert kind("Prove this, and cite your sources", tools=[SEARCH]) == "main"


def test_titles_and_topics():
    system = "Generate a concise title, at most six words, for this coding session."
    assert kind("Fix the login page", system=system) == "title"
    topic = "Say whether this message opens a new conversation topic. Answer as JSON."
    assert kind("Fix the login page", system=topic) == "title"
    title = {"type": "object", "properties": {"title": {"type": "string"}}}
    form = {"format": {"type": "json_schema", "schema": title}}
    assert kind("Fix the login page", output_config=form) == "title"
    assert kind("Fix the login page", system=system, tools=[TOOL]) == "main"
    assert kind("Write a title for my blog post") == "main", "a person asked"


def test_probes_and_errands():
    assert kind("quota", max_tokens=1) == "warmup"
    assert kind("Warmup", tools=[TOOL]) == "warmup"
    assert kind("Perform a web search for the query: cats", tools=[SEARCH]) == "side"
    assert kind("[SUGGESTION MODE: suggest what comes next]") == "side"
    assert kind("something small", {HEADER: "auxiliary"}) == "side"


@pytest.mark.parametrize("said", ["auxiliary", "compaction", "nonsense", ""])
def test_a_header_makes_no_work_cheap(said: str):
    assert kind("Fix the login page", {HEADER: said}, tools=[TOOL]) == "main"
