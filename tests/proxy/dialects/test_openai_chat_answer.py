"""Whole Chat answers, read from a provider and written for a client."""

import orjson
import pytest
from openai.types.chat import ChatCompletion

from proxy.dialects.model import (
    Answer,
    Block,
    Message,
    Request,
    Text,
    Thinking,
    Tool,
    ToolCall,
    Usage,
)
from proxy.dialects.names import wire_name
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.errors import Upstream


def call(call_id="a", name="Read", arguments='{"p":1}', **extra):
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "type": "function", "function": function, **extra}


def answer(message, finish="stop", **fields):
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return {"id": "c1", "model": "up", "choices": [choice], **fields}


def read(message, finish="stop", request=None, **fields):
    return OPENAI_CHAT.read_answer(answer(message, finish, **fields), request)


def test_thinking_text_and_calls_come_in_this_order():
    found = read({"tool_calls": [call()], "content": "Reading.", "reasoning_content": "hm"})
    assert found.blocks == [Thinking("hm"), Text("Reading."), ToolCall("a", "Read", '{"p":1}')]
    assert (found.id, found.model) == ("c1", "up")


@pytest.mark.parametrize(
    ("finish", "stop"),
    [
        ("stop", "end_turn"),
        ("length", "max_tokens"),
        ("content_filter", "refusal"),
        ("tool_calls", "tool_use"),
        ("eos", "end_turn"),
        (None, "end_turn"),
    ],
)
def test_why_it_stopped(finish, stop):
    assert read({"content": "hi"}, finish).stop == stop


@pytest.mark.parametrize("finish", ["stop", "length", "content_filter", "tool_calls", None])
def test_calls_outweigh_the_finish_reason(finish):
    assert read({"content": None, "tool_calls": [call()]}, finish).stop == "tool_use"


def test_a_call_that_the_limit_cut_off_leaves_the_limit_as_the_reason():
    assert read({"tool_calls": [call(arguments='{"p": ')]}, "length").stop == "max_tokens"


def test_a_refusal_is_text_and_the_reason():
    found = read({"content": None, "refusal": "I can't."})
    assert (found.blocks, found.stop) == ([Text("I can't.")], "refusal")


@pytest.mark.parametrize("nothing", [{}, {"content": None}, {"content": ""}, {"tool_calls": []}])
def test_nothing_is_no_block(nothing):
    assert read(nothing).blocks == []


def test_content_as_parts_is_text():
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    assert read({"content": parts}).blocks == [Text("ab")]


def test_arguments_stay_the_text_they_were_and_an_object_becomes_one():
    found = read({"tool_calls": [call("a", arguments='{ "p" :1'), call("b", arguments={"p": 1})]})
    assert [b.arguments for b in found.blocks if isinstance(b, ToolCall)] == ['{ "p" :1', '{"p":1}']


def test_names_come_back_as_the_client_offered_them():
    name = "mcp__server__" + "x" * 80
    request = Request("anthropic", "m", [], {}, tools=[Tool(name), Tool("Read")])
    found = read({"tool_calls": [call(name=wire_name(name)), call("b")]}, request=request)
    assert [b.name for b in found.blocks if isinstance(b, ToolCall)] == [name, "Read"]


def test_ids_that_are_missing_or_used_already_are_made_and_the_same_each_time():
    history = [Message("assistant", [ToolCall("call_0", "Read", "{}")])]
    request = Request("anthropic", "m", history, {})
    raws = [call("call_0"), call(""), call("call_1"), call("call_1")]

    def ids():
        blocks = read({"tool_calls": raws}, request=request).blocks
        return [b.id for b in blocks if isinstance(b, ToolCall)]

    assert ids() == ids()
    assert len({*ids(), "call_0"}) == 5 and "call_1" in ids() and all(ids())


def test_usage_is_what_was_billed_and_never_negative():
    details = {"cached_tokens": 80}
    reasoning = {"reasoning_tokens": 3}
    found = read(
        {"content": "hi"},
        usage={
            "prompt_tokens": 100,
            "completion_tokens": 7,
            "prompt_tokens_details": details,
            "completion_tokens_details": reasoning,
        },
    )
    assert found.usage == Usage(input=20, output=7, cache_read=80, reasoning=3)
    more = {"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": 9}}
    assert OPENAI_CHAT.usage({"usage": more}).input == 0


@pytest.mark.parametrize(
    "usage", [None, {}, "x", {"prompt_tokens": None, "completion_tokens": "7"}]
)
def test_usage_that_was_not_said_is_not_made_up(usage):
    assert OPENAI_CHAT.usage({"usage": usage}) == Usage()


def test_an_answer_without_choices_is_the_provider_s_failure():
    with pytest.raises(Upstream, match="no choices"):
        OPENAI_CHAT.read_answer({"id": "c1", "choices": []})
    with pytest.raises(Upstream, match="out of credit"):
        OPENAI_CHAT.read_answer({"error": {"message": "out of credit", "code": 402}})


def test_a_call_without_a_name_is_the_provider_s_failure():
    with pytest.raises(Upstream, match="without a name"):
        read({"tool_calls": [{"id": "a", "function": {"arguments": "{}"}}]})


def test_a_client_gets_a_chat_completion_of_the_model_it_asked_for():
    blocks: list[Block] = [Thinking("hm"), Text("Reading."), ToolCall("a", "Read", '{"p":1}')]
    usage = Usage(input=20, output=7, cache_read=80, reasoning=3)
    wire = OPENAI_CHAT.write_answer(Answer("c1", "up", blocks, "tool_use", usage), "asked")

    said = ChatCompletion.model_validate_json(orjson.dumps(wire), strict=True)
    choice = said.choices[0]
    assert (said.id, said.model, choice.finish_reason) == ("c1", "asked", "tool_calls")
    assert choice.message.content == "Reading."
    assert wire["choices"][0]["message"]["reasoning_content"] == "hm"
    assert choice.message.tool_calls and choice.message.tool_calls[0].id == "a"
    assert said.usage and said.usage.prompt_tokens == 100 and said.usage.total_tokens == 107
    assert said.usage.prompt_tokens_details and said.usage.prompt_tokens_details.cached_tokens == 80


def test_what_was_read_is_written_as_it_was():
    message = {"content": "Reading.", "refusal": None, "tool_calls": [call("a"), call("b")]}
    usage = {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}
    wire = answer(message, "tool_calls", usage=usage)
    written = OPENAI_CHAT.write_answer(OPENAI_CHAT.read_answer(wire), "up")
    assert written["choices"][0]["message"] == wire["choices"][0]["message"]
    assert written["usage"] == usage


def test_a_client_gets_no_usage_that_nobody_said():
    wire = OPENAI_CHAT.write_answer(Answer("c1", "up", [Text("hi")], "end_turn", Usage()), "asked")
    assert "usage" not in wire


@pytest.mark.parametrize(
    ("stop", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
    ],
)
def test_why_it_stopped_in_chat_s_words(stop, finish):
    wire = OPENAI_CHAT.write_answer(Answer("c", "up", [Text("hi")], stop, Usage()), "m")
    assert wire["choices"][0]["finish_reason"] == finish
