"""Answers as a Responses client gets them, plain and streamed, read by the official SDK."""

from typing import Any

import openai
import orjson
import pytest

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.assemble import assemble
from proxy.dialects.model import (
    Answer,
    BlockStart,
    BlockStop,
    Broken,
    Delta,
    Finish,
    StopReason,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_responses import OPENAI_RESPONSES
from proxy.errors import Upstream
from tests.proxy.dialects.responses_golden import STREAM, TOOLS, request_of, sdk, written

STREAMED = "text/event-stream"
KINDS = [
    "reasoning",
    "message",
    "function_call",
    "custom_tool_call",
    "function_call",
    "custom_tool_call",
    "tool_search_call",
    "local_shell_call",
]


def whole() -> Answer:
    answer = assemble(STREAM)
    assert answer is not None
    return answer


def events(wire: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line[6:]) for line in wire.split(b"\n") if line.startswith(b"data: ")]


async def test_the_sdk_reads_a_plain_answer_with_every_kind_of_call():
    body = orjson.dumps(OPENAI_RESPONSES.write_answer(whole(), "asked", request_of()))
    async with sdk(200, body, "application/json") as client:
        found = await client.responses.create(model="asked", input="hi")
    assert [item.type for item in found.output] == KINDS
    assert (found.output_text, found.model, found.status) == ("Reading.", "asked", "completed")
    assert found.usage is not None
    assert found.usage.model_dump(exclude_none=True) == {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 80},
        "output_tokens": 7,
        "output_tokens_details": {"reasoning_tokens": 3},
        "total_tokens": 107,
    }
    assert [tool.type for tool in found.tools] == [tool["type"] for tool in TOOLS]


async def test_the_sdk_reads_a_stream_with_every_kind_of_call():
    async with (
        sdk(200, written(STREAM), STREAMED) as client,
        client.responses.stream(model="asked", input="hi") as stream,
    ):
        told = [event async for event in stream]
        final = await stream.get_final_response()
    assert [item.type for item in final.output] == KINDS
    assert final.output_text == "Reading."
    assert [event.sequence_number for event in told] == list(range(len(told)))


def test_a_stream_tells_the_same_items_as_a_plain_answer():
    streamed = events(written(STREAM))[-1]["response"]
    plain = OPENAI_RESPONSES.write_answer(whole(), "asked", request_of())
    assert streamed["output"] == plain["output"]
    assert streamed.keys() == plain.keys()


def test_a_stream_opens_and_closes_every_item_in_order():
    kinds = [event["type"].removeprefix("response.") for event in events(written(STREAM[:15]))]
    assert (
        kinds
        == [
            "created",
            "in_progress",
            "output_item.added",
            "reasoning_summary_part.added",
            "reasoning_summary_text.delta",
            "reasoning_summary_text.delta",
            "reasoning_summary_text.done",
            "reasoning_summary_part.done",
            "output_item.done",
            "output_item.added",
            "content_part.added",
            "output_text.delta",
            "output_text.delta",
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
        ][: len(kinds)]
    )
    assert kinds[-1] == "output_item.done"


def test_calls_go_back_under_the_names_and_kinds_that_the_client_offered():
    output = OPENAI_RESPONSES.write_answer(whole(), "asked", request_of())["output"]
    calls = [{k: v for k, v in item.items() if k not in ("id", "status")} for item in output[2:]]
    assert calls == [
        {"type": "function_call", "call_id": "call_a", "name": "Read", "arguments": '{"p":1}'},
        {"type": "custom_tool_call", "call_id": "call_b", "name": "patch", "input": "*** Begin\n"},
        {
            "type": "function_call",
            "call_id": "call_c",
            "name": "sleep",
            "namespace": "clock",
            "arguments": "{}",
        },
        {
            "type": "custom_tool_call",
            "call_id": "call_d",
            "name": "exec",
            "namespace": "clock",
            "input": "1+1",
        },
        {
            "type": "tool_search_call",
            "call_id": "call_e",
            "execution": "client",
            "arguments": {"query": "x"},
        },
        {
            "type": "local_shell_call",
            "call_id": "call_f",
            "action": {"type": "exec", "command": ["ls"], "env": {}},
        },
    ]


def test_the_client_s_own_calls_read_back_as_the_model_made_them():
    answer = whole()
    written_once = OPENAI_RESPONSES.write_answer(answer, "asked", request_of())
    again = OPENAI_RESPONSES.read_answer(written_once, request_of())
    signed, *rest = answer.blocks
    assert isinstance(signed, Thinking) and again.blocks[0] == Thinking(signed.text)
    calls = [block for block in rest if isinstance(block, ToolCall)]
    found = [block for block in again.blocks if isinstance(block, ToolCall)]
    assert [(c.id, c.name) for c in found] == [(c.id, c.name) for c in calls]
    assert [_loaded(c) for c in found] == [_loaded(c) for c in calls]
    assert (again.stop, again.usage) == (answer.stop, answer.usage)


def _loaded(call: ToolCall) -> Any:
    return orjson.loads(call.arguments or "{}")


def test_another_provider_s_signature_is_no_sealed_reasoning():
    assert b"c2ln" not in written(STREAM)
    assert b"c2ln" not in orjson.dumps(OPENAI_RESPONSES.write_answer(whole(), "asked"))


def test_free_text_that_the_model_wrapped_wrongly_reaches_the_client_as_it_is():
    call = ToolCall("call_b", "patch", '{"patch":"x"}')
    answer = Answer("r", "up", [call], "tool_use", Usage())
    item = OPENAI_RESPONSES.write_answer(answer, "asked", request_of())["output"][0]
    assert item["input"] == '{"patch":"x"}'


@pytest.mark.parametrize(
    ("stop", "status", "reason"),
    [
        ("end_turn", "completed", None),
        ("stop_sequence", "completed", None),
        ("tool_use", "completed", None),
        ("max_tokens", "incomplete", "max_output_tokens"),
        ("refusal", "incomplete", "content_filter"),
    ],
)
def test_each_stop_has_its_status(stop: StopReason, status: str, reason: str | None):
    answer = Answer("r", "up", [Text("Hel")], stop, Usage())
    wire = OPENAI_RESPONSES.write_answer(answer, "asked")
    last = events(written([*STREAM[:1], Finish(stop, Usage()), STREAM[-1]]))[-1]
    assert last["type"] == f"response.{status}"
    for response in (wire, last["response"]):
        assert response["status"] == status
        assert response["incomplete_details"] == ({"reason": reason} if reason else None)
        assert response["usage"] is None


def test_a_refusal_in_the_model_s_own_words_is_whole_and_stays_one():
    part = {"type": "refusal", "refusal": "I won't."}
    body = {"id": "r", "output": [{"type": "message", "content": [part]}]}
    answer = OPENAI_RESPONSES.read_answer(body)
    wire = OPENAI_RESPONSES.write_answer(answer, "asked")
    assert answer.stop == "refusal"
    assert wire["status"] == "completed"
    assert wire["output"][0]["content"] == [part]


@pytest.mark.parametrize(
    ("kind", "message", "code"),
    [
        ("overloaded_error", "Overloaded", "server_is_overloaded"),
        ("rate_limit_error", "Slow down", "rate_limit_exceeded"),
        ("invalid_request_error", "prompt is too long: 9 tokens", "context_length_exceeded"),
        ("api_error", "Oops", "server_error"),
    ],
)
async def test_a_broken_stream_ends_as_failed_with_the_code_that_clients_act_on(
    kind: str, message: str, code: str
):
    wire = written([*STREAM[:9], Broken(kind, message), STREAM[-1]])
    async with sdk(200, wire, STREAMED) as client:
        stream = await client.responses.create(model="asked", input="hi", stream=True)
        last = [event async for event in stream][-1]
    assert last.type == "response.failed"
    assert last.response.error is not None
    assert (last.response.error.code, last.response.error.message) == (code, message)
    assert last.response.status == "failed"


def test_a_stream_that_breaks_before_it_began_still_begins():
    assert [e["type"] for e in events(written([Broken("api_error", "Oops")]))] == [
        "response.created",
        "response.in_progress",
        "response.failed",
    ]


def test_an_error_inside_a_stream_without_its_writer_ends_it_as_failed():
    (event,) = events(OPENAI_RESPONSES.error_event(529, "Overloaded"))
    assert event["type"] == "response.failed"
    assert event["response"]["error"] == {"code": "server_is_overloaded", "message": "Overloaded"}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (429, openai.RateLimitError),
        (502, openai.InternalServerError),
    ],
)
async def test_the_sdk_raises_the_error_of_each_status(status: int, error: type[Exception]):
    body = orjson.dumps(OPENAI_RESPONSES.error_body(status, "input: expected some text"))
    async with sdk(status, body, "application/json") as client:
        with pytest.raises(error, match="expected some text") as caught:
            await client.responses.create(model="m", input="hi")
    assert getattr(caught.value, "param", None) == "input"


def test_an_upstream_s_answer_that_failed_or_is_none_is_refused_in_its_own_words():
    with pytest.raises(Upstream, match="Slow down"):
        OPENAI_RESPONSES.read_answer({"status": "failed", "error": {"message": "Slow down"}})
    with pytest.raises(Upstream, match="no output"):
        OPENAI_RESPONSES.read_answer({"id": "r"})
    with pytest.raises(Upstream, match="name"):
        OPENAI_RESPONSES.read_answer({"output": [{"type": "function_call", "call_id": "c"}]})


def test_a_call_id_that_the_conversation_has_already_is_made_new():
    said = [{"type": "tool_use", "id": "call_1", "name": "Read", "input": {}}]
    heard = [{"type": "tool_result", "tool_use_id": "call_1", "content": "x"}]
    messages = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": said},
        {"role": "user", "content": heard},
    ]
    request = ANTHROPIC.parse({"model": "m", "max_tokens": 9, "messages": messages})
    item = {"type": "function_call", "call_id": "call_1", "name": "Read", "arguments": "{}"}
    (call,) = OPENAI_RESPONSES.read_answer({"id": "r", "output": [item]}, request).blocks
    assert isinstance(call, ToolCall) and call.id not in ("", "call_1")


CHAT_TOOLS = [{"type": "custom", "custom": {"name": "patch"}}]


def test_a_chat_client_gets_the_calls_of_its_custom_tools_as_custom_calls():
    request = OPENAI_CHAT.parse(
        {"messages": [{"role": "user", "content": "go"}], "tools": CHAT_TOOLS}
    )
    call = ToolCall("call_b", "patch", '{"input":"go\\n"}')
    wire = OPENAI_CHAT.write_answer(
        Answer("r", "up", [call], "tool_use", Usage()), "asked", request
    )
    custom = {"id": "call_b", "type": "custom", "custom": {"name": "patch", "input": "go\n"}}
    assert wire["choices"][0]["message"]["tool_calls"] == [custom]

    writer = OPENAI_CHAT.writer("asked", request)
    stream = [
        STREAM[0],
        BlockStart(0, ToolCall("call_b", "patch", "")),
        Delta(0, "arguments", '{"input":'),
        Delta(0, "arguments", '"go\\n"}'),
        BlockStop(0),
    ]
    told = events(b"".join(writer.write(event) for event in stream))
    deltas = [chunk["choices"][0]["delta"].get("tool_calls") for chunk in told]
    assert deltas == [None, [{"index": 0} | custom]]
