"""What a Chat client asks for, read and sent on to a provider of its own dialect."""

import copy

import pytest

from proxy.dialects.model import Image, Message, Other, Text, Thinking, Tool, ToolCall, ToolResult
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest

USER = {"role": "user", "content": "hi"}
FUNCTION = {"name": "Read", "description": "Reads", "parameters": {"type": "object"}}
CALL = {"id": "a", "type": "function", "function": {"name": "Read", "arguments": '{"p": 1}'}}


def parse(*messages, **fields):
    return OPENAI_CHAT.parse({"model": "m", "messages": list(messages) or [USER], **fields})


def test_system_messages_before_the_conversation_are_the_prompt():
    request = parse(
        {"role": "system", "content": "Be brief."},
        {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
        USER,
        {"role": "system", "content": "Be quick."},
    )
    assert request.system == [Text("Be brief."), Text("Be kind.")]
    assert request.messages == [
        Message("user", [Text("hi")]),
        Message("system", [Text("Be quick.")]),
    ]


def test_results_and_what_the_user_says_to_them_are_one_turn():
    request = parse(
        USER,
        {"role": "assistant", "content": None, "tool_calls": [CALL, CALL | {"id": "b"}]},
        {"role": "tool", "tool_call_id": "a", "content": "one"},
        {"role": "tool", "tool_call_id": "b", "content": [{"type": "text", "text": "two"}]},
        {"role": "user", "content": "go on"},
    )
    assert request.messages[1].blocks[0] == ToolCall("a", "Read", '{"p": 1}')
    assert request.messages[2].blocks == [
        ToolResult("a", [Text("one")]),
        ToolResult("b", [Text("two")]),
        Text("go on"),
    ]


def test_parts_are_read_and_unknown_ones_kept():
    audio = {"type": "input_audio", "input_audio": {"data": "AA=="}}
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        audio,
    ]
    blocks = parse({"role": "user", "content": parts}).messages[0].blocks
    assert blocks == [
        Text("look"),
        Image("image/png", "AA==", extra={"detail": "low"}),
        Image(url="https://example.com/a.png"),
        Other(audio),
    ]


def test_an_assistant_s_reasoning_and_refusal_are_read():
    raw = {"role": "assistant", "content": None, "reasoning_content": "hm", "refusal": "no"}
    assert parse(USER, raw).messages[1].blocks == [Thinking("hm"), Text("no")]


def test_a_custom_tool_and_its_call_carry_free_text():
    tool = {"type": "custom", "custom": {"name": "patch", "description": "Patches"}}
    call = {"id": "a", "type": "custom", "custom": {"name": "patch", "input": "*** Begin"}}
    request = parse(USER, {"role": "assistant", "tool_calls": [call]}, tools=[tool])
    assert request.tools == [Tool("patch", "Patches", kind="custom", raw=tool)]
    assert request.messages[1].blocks == [ToolCall("a", "patch", '{"input":"*** Begin"}')]


def test_functions_from_before_tools_still_mean_calls_and_results():
    request = parse(
        USER,
        {"role": "assistant", "content": None, "function_call": {"name": "Read", "arguments": ""}},
        {"role": "function", "name": "Read", "content": "one"},
        functions=[FUNCTION],
    )
    call, result = request.messages[1].blocks[0], request.messages[2].blocks[0]
    assert isinstance(call, ToolCall) and isinstance(result, ToolResult)
    assert call.id == result.call_id
    assert [tool.name for tool in request.tools] == ["Read"]


def test_the_fields_of_a_request_are_read():
    request = parse(
        tools=[{"type": "function", "function": FUNCTION}],
        tool_choice={"type": "function", "function": {"name": "Read"}},
        parallel_tool_calls=False,
        max_tokens=5,
        max_completion_tokens=10,
        temperature=0.5,
        top_p=1,
        stop="END",
        stream=True,
        reasoning_effort="low",
        response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
        user="u",
    )
    choice = request.tool_choice
    assert choice and (choice.mode, choice.name, choice.parallel) == ("tool", "Read", False)
    assert (request.max_tokens, request.temperature, request.top_p) == (10, 0.5, 1)
    assert (request.stop, request.stream, request.effort) == (["END"], True, "low")
    assert (request.output_schema, request.user) == ({}, "u")


@pytest.mark.parametrize(
    ("given", "mode"),
    [("auto", "auto"), ("required", "any"), ("none", "none")],
)
def test_tool_choice_by_word(given, mode):
    choice = parse(tool_choice=given).tool_choice
    assert choice and choice.mode == mode and choice.parallel


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": ["hi"]}, r"messages\[0\]"),
        ({"messages": [{"content": "hi"}]}, r"messages\[0\].role"),
        ({"messages": [{"role": "user", "content": 1}]}, r"messages\[0\].content"),
        ({"messages": [USER, {"role": "user", "content": [{}]}]}, r"messages\[1\].content\[0\]"),
        ({"messages": [{"role": "tool", "content": "x"}]}, r"messages\[0\].tool_call_id"),
        (
            {"messages": [{"role": "assistant", "tool_calls": [{}]}]},
            r"messages\[0\].tool_calls\[0\].id",
        ),
        ({"messages": [USER], "model": 1}, "model"),
        ({"messages": [USER], "max_tokens": "many"}, "max_tokens"),
        ({"messages": [USER], "max_tokens": -1}, "max_tokens"),
        ({"messages": [USER], "temperature": "hot"}, "temperature"),
        ({"messages": [USER], "stream": "yes"}, "stream"),
        ({"messages": [USER], "stop": [1]}, r"stop\[0\]"),
        ({"messages": [USER], "tools": {}}, "tools"),
        ({"messages": [USER], "tools": [{"type": "function"}]}, r"tools\[0\].function"),
    ],
)
def test_a_malformed_body_is_refused_by_the_field_that_is_wrong(body, named):
    with pytest.raises(BadRequest, match=f"^{named}"):
        OPENAI_CHAT.parse(body)


def own(*messages, quirks=None, **fields):
    return OPENAI_CHAT.build(parse(*messages, **fields), "up", quirks or Quirks())


def test_unknown_fields_pass_to_a_provider_of_the_same_dialect():
    messages = [
        {"role": "user", "content": "hi", "name": "ann", "x": 1},
        {"role": "assistant", "content": None, "tool_calls": [CALL | {"y": 2}]},
        {"role": "tool", "tool_call_id": "a", "content": "one", "z": 3},
        {"role": "critic", "content": "hm"},
    ]
    tools = [{"type": "function", "function": FUNCTION | {"strict": True}}]
    body = own(*messages, tools=tools, seed=7, logit_bias={"1": 2})
    expected = {"model": "up", "messages": messages, "tools": tools, "seed": 7}
    assert body == expected | {"logit_bias": {"1": 2}}


def test_the_stream_s_usage_is_asked_for_and_other_stream_options_kept():
    body = own(stream=True, stream_options={"include_obfuscation": False})
    assert body["stream_options"] == {"include_obfuscation": False, "include_usage": True}


def test_quirks_hold_in_the_same_dialect_too():
    quirks = Quirks(max_tokens_name="max_completion_tokens", max_tokens_limit=8, sampling=False)
    body = own({"role": "developer", "content": "x"}, USER, max_tokens=9, top_p=1, quirks=quirks)
    assert body["max_completion_tokens"] == 8
    assert "max_tokens" not in body and "top_p" not in body
    assert body["messages"][0]["role"] == "system"


def test_an_effort_goes_by_the_provider_s_name():
    body = own(reasoning_effort="high", quirks=Quirks(effort_name="think", efforts=("low",)))
    assert body["think"] == "low" and "reasoning_effort" not in body


def test_what_a_rewrite_changed_is_sent_and_the_rest_is_the_client_s_own():
    call = {"role": "assistant", "content": None, "tool_calls": [CALL, CALL | {"id": "b"}]}
    results = [{"role": "tool", "tool_call_id": i, "content": f"long {i}", "z": 3} for i in "ab"]
    request = parse(
        USER,
        call,
        *results,
        tools=[{"type": "function", "function": FUNCTION | {"name": n}} for n in ("Read", "Write")],
        tool_choice="auto",
    )
    client_s = copy.deepcopy(request.body)
    request.tools = request.tools[:1]
    result = request.messages[2].blocks[1]
    assert isinstance(result, ToolResult)
    result.content, result.rewritten = [Text("short")], True

    body = OPENAI_CHAT.build(request, "up")

    assert body["messages"] == [USER, call, results[0], results[1] | {"content": "short"}]
    assert [tool["function"]["name"] for tool in body["tools"]] == ["Read"]
    assert request.body == client_s


def test_without_a_tool_left_nothing_speaks_of_tools():
    request = parse(tools=[{"type": "function", "function": FUNCTION}], tool_choice="auto")
    request.tools = []
    assert set(OPENAI_CHAT.build(request, "up")) == {"model", "messages"}


def test_images_to_a_model_without_eyes_are_refused():
    part = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    with pytest.raises(BadRequest, match="no images"):
        own({"role": "user", "content": [part]}, quirks=Quirks(images=False))
