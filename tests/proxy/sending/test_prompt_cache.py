"""Marks and keys for providers' prompt caches: where they stand, and where none do."""

import copy
import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.dialects.model import Usage
from proxy.events import Completed
from proxy.providers.base import Call
from proxy.providers.catalog import KINDS
from proxy.sending.prompt_cache import keyed, marked, warmed
from tests.proxy.conversations import TOOLS, Conversation, Model, body_of, conversations
from tests.proxy.test_server import post
from tests.support import chat, messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

LONG = "All that there is to know about this repository. " * 120  # some 1,600 tokens
MARK = b'"cache_control":{"type":"ephemeral"}'
EPHEMERAL = {"type": "ephemeral"}
SPOKEN = Model("Let me look.", [("c1", "Read", {"path": "a"})], ["the file"])
TALK = Conversation(LONG, TOOLS, ["Fix the parser, please.", SPOKEN])


def request(**changes: Any) -> dict[str, Any]:
    return {**body_of(TALK, "anthropic", 2), **changes}


def marks(raw: bytes) -> list[str]:
    """Where marks stand, as paths."""
    return sorted(_marks(orjson.loads(raw), ""))


def _marks(value: Any, path: str) -> list[str]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path[1:]] if isinstance(value, dict) and "cache_control" in value else []
    for key, inner in items:
        if isinstance(inner, dict | list):
            found += _marks(inner, f"{path}.{key}")
    return found


ALONE = re.compile(rb'\[\{"type":"text","text":("(?:[^"\\]|\\.)*"),' + re.escape(MARK) + rb"\}\]")


def unmarked(raw: bytes) -> bytes:
    """The body as it was, by taking out the very bytes that marks add."""
    return ALONE.sub(rb"\1", raw).replace(b"," + MARK, b"")


def test_marks_stand_after_tools_system_and_the_two_newest_user_turns():
    made = marked(orjson.dumps(request()))
    assert marks(made) == [
        "messages.0.content.0",
        "messages.2.content.0",
        "system.0",
        f"tools.{len(TOOLS) - 1}",
    ]


def test_the_turn_before_is_looked_up_where_it_was_written():
    """However many blocks a turn adds: a lookup reaches back 20 blocks at most."""
    calls = [(f"c{n}", "Read", {"path": "a"}) for n in range(30)]
    turns: list[str | Model] = ["Read all of it.", Model("", calls, ["text"] * 30)]
    turns += [Model("", [("d", "Read", {"path": "b"})], ["more"])]
    talk = Conversation(LONG, TOOLS, turns)
    first, second = (marks(marked(orjson.dumps(body_of(talk, "anthropic", n)))) for n in (2, 3))
    assert first[1] == "messages.2.content.29"
    assert second[0] == "messages.2.content.29"


@settings(deadline=None)
@given(talk=conversations, data=st.data())
def test_four_marks_at_most_and_every_other_byte_as_it_was(talk, data):
    body = body_of(talk, "anthropic", data.draw(st.sampled_from(talk.requests)))
    raw = orjson.dumps(body)
    made = marked(raw)
    assert len(marks(made)) <= 4
    assert unmarked(made) == raw
    assert marked(made) == made


def test_spelling_and_blanks_of_the_client_stay():
    raw = orjson.dumps(request(), option=orjson.OPT_INDENT_2).replace(b'"a"', b'"\\u0061"')
    raw = raw.replace(b'"max_tokens": 900', b'"max_tokens": 900, "new": 1.0e0')
    made = marked(raw)
    assert len(marks(made)) == 4
    assert b'"\\u0061"' in raw and b"1.0e0" in raw
    assert unmarked(made) == raw


MARKED = [
    {"cache_control": EPHEMERAL},
    {"system": [{"type": "text", "text": LONG, "cache_control": EPHEMERAL}]},
    {"messages": [{"role": "user", "content": [messages.text("x") | {"cache_control": None}]}]},
]


@pytest.mark.parametrize("changes", MARKED)
def test_a_client_that_marks_is_left_alone(changes):
    raw = orjson.dumps(request(**changes))
    assert marked(raw) == raw


def test_a_prompt_that_no_provider_keeps_is_not_marked():
    raw = orjson.dumps(request(system="Be brief.", tools=[]))
    assert marked(raw) == raw


def test_a_prefix_below_the_least_is_not_marked_the_longer_ones_are():
    small = [{"name": "Read", "input_schema": {"type": "object"}}]
    made = marked(orjson.dumps(request(tools=small, system="Be brief.", messages=long_turns())))
    assert marks(made) == ["messages.0.content.0", "messages.2.content.0"]


def long_turns() -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = copy.deepcopy(request()["messages"])
    turns[0]["content"] = LONG
    return turns


def test_an_only_question_without_tools_costs_no_cache_write_but_its_system_prompt_is_kept():
    asked = [{"role": "user", "content": LONG}]
    made = marked(orjson.dumps(request(tools=[], messages=asked)))
    assert marks(made) == ["system.0"]


THINKING = {"type": "thinking", "thinking": "hm", "signature": "s"}


def test_thinking_blank_text_and_unknown_blocks_take_no_mark():
    blocks = [messages.text("Go on."), messages.text(" \n"), {"type": "new"}, THINKING]
    turns = [*request()["messages"][:2], {"role": "user", "content": blocks}]
    assert marks(marked(orjson.dumps(request(messages=turns))))[1] == "messages.2.content.0"
    turns[2] = {"role": "user", "content": " "}
    assert marks(marked(orjson.dumps(request(messages=turns))))[0] == "messages.0.content.0"
    assert "system.0" not in marks(marked(orjson.dumps(request(messages=turns, system=" "))))


def test_a_deferred_tool_takes_no_mark():
    tools = request()["tools"]
    tools[-1]["defer_loading"] = True
    made = marks(marked(orjson.dumps(request(tools=tools))))
    assert f"tools.{len(tools) - 2}" in made and f"tools.{len(tools) - 1}" not in made


def test_fields_that_are_null_are_no_trouble():
    made = marked(orjson.dumps(request(tools=None, messages=long_turns(), system=None)))
    assert marks(made) == ["messages.0.content.0", "messages.2.content.0"]


def test_a_message_in_which_the_system_speaks_is_no_turn():
    note = {"role": "system", "content": "The date changed."}
    turns = [*request()["messages"], note]
    assert marks(marked(orjson.dumps(request(messages=turns))))[:2] == [
        "messages.0.content.0",
        "messages.2.content.0",
    ]


def call(model: str, body: bytes) -> Call:
    return Call("/v1/messages", body, {}, False, model=model)


@pytest.mark.parametrize(
    ("kind", "model", "translated", "marks_it"),
    [
        ("anthropic", "claude-sonnet-4-5", False, True),
        ("anthropic", "claude-sonnet-4-5", True, True),
        ("azure_anthropic", "claude-sonnet-4-5", False, True),
        ("anthropic_compatible", "claude-sonnet-4-5", False, False),
        ("anthropic_compatible", "anthropic/Claude-Sonnet-4-5", True, True),
        ("anthropic_compatible", "kimi-k2", True, False),
        ("openai_compatible", "claude-sonnet-4-5", True, False),
    ],
)
def test_only_claude_gets_marks(kind, model, translated, marks_it):
    raw = orjson.dumps(request())
    body = warmed(call(model, raw), KINDS[kind], "s", translated).body
    assert (body != raw) == marks_it


def test_a_session_has_one_key_of_its_own_that_says_nothing_of_its_id():
    raw = b'{"model":"gpt-5.5","input":"hi"} \n'
    first, same, other = (orjson.loads(keyed(raw, id)) for id in ("alice", "alice", "bob\ud800"))
    assert first == same != other
    key = first.pop("prompt_cache_key")
    assert first == orjson.loads(raw)
    assert len(key) <= 64 and "alice" not in key


def test_only_openais_own_api_is_told_a_key():
    raw = b'{"model":"gpt-5.5"}'
    told = {
        k for k, row in KINDS.items() if warmed(call("gpt-5.5", raw), row, "s", True).body != raw
    }
    assert told == {"openai", "openai_responses"}


def test_a_clients_own_key_stays():
    raw = b'{"model":"gpt-5.5","prompt_cache_key":"mine"}'
    assert keyed(raw, "alice") == raw


async def test_a_chat_client_keeps_claudes_cache_warm(tmp_path: Path):
    talk = Conversation(LONG, TOOLS, ["Fix the parser, please.", SPOKEN])
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic")) as (server, _),
    ):
        for turns in (1, 2):
            await post(f"{server.url}/v1/chat/completions", body_of(talk, "openai_chat", turns))
        assert [len(marks(sent.raw)) for sent in upstream.sent] == [3, 4]


async def test_a_session_at_openai_has_one_key_turn_after_turn(tmp_path: Path):
    async with (
        Upstream(chat.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, "openai")) as (server, heard),
    ):
        for turns in (1, 2):
            await post(f"{server.url}/v1/chat/completions", body_of(TALK, "openai_chat", turns))
        keys = {sent.body["prompt_cache_key"] for sent in upstream.sent}
        assert len(keys) == 1
        assert [event.usage.cache_read for event in heard.of(Completed)] == [80, 80]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("more", "headers"), [("[cache]\nprompt = false", {}), ("", {"x_lynkr_rewrite": "off"})]
)
async def test_marks_can_be_switched_off(tmp_path: Path, more: str, headers: dict[str, str]):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, "anthropic", more)) as (server, _),
    ):
        await post(f"{server.url}/v1/messages", request(), **headers)
        assert marks(upstream.sent[0].raw) == []


def test_usage_of_a_marked_prompt_is_priced_with_its_cache():
    """Two turns of 2,000 tokens each: with marks the second reads what the first one wrote."""
    from proxy.money.prices import Prices

    cost = Prices().cost
    plain = [Usage(input=2_000, output=0), Usage(input=4_000, output=0)]
    kept = [
        Usage(input=0, output=0, cache_write=2_000),
        Usage(input=0, output=0, cache_read=2_000, cache_write=2_000),
    ]
    sums = [
        sum(cost("anthropic", "claude-sonnet-4-5", usage) or 0 for usage in turns)
        for turns in (plain, kept)
    ]
    assert sums == pytest.approx([0.018, 0.0156])
