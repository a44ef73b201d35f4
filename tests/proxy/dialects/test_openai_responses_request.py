"""Responses requests: what is refused and how, and what another provider can't be told."""

from typing import Any

import orjson
import pytest

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.base import Dialect
from proxy.dialects.model import Image, Text, Thinking, ToolChoice, ToolResult
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_responses import OPENAI_RESPONSES
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest
from tests.proxy.dialects.responses_golden import STREAM, TOOLS, request_of, written

CALL: dict[str, Any] = {
    "type": "function_call",
    "call_id": "call_1",
    "name": "Read",
    "arguments": "{}",
}
RESULT: dict[str, Any] = {"type": "function_call_output", "call_id": "call_1", "output": "text"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "input: "),
        ({"input": []}, "input: "),
        ({"input": ""}, "input: "),
        ({"input": 7}, "input: "),
        ({"input": ["hi"]}, "input[0]: "),
        ({"input": [{"content": "hi"}]}, "input[0].type: "),
        ({"input": [{"type": "message", "content": "hi"}]}, "input[0].role: "),
        ({"input": [{"role": "user", "content": 7}]}, "input[0].content: "),
        ({"input": [{"role": "user", "content": [{"text": "hi"}]}]}, "input[0].content[0].type: "),
        (
            {"input": [{"role": "user", "content": [{"type": "input_text"}]}]},
            "input[0].content[0].text: ",
        ),
        ({"input": [{"type": "function_call", "call_id": "c"}]}, "input[0].name: "),
        ({"input": [{"type": "function_call", "name": "f"}]}, "input[0].call_id: "),
        ({"input": [{"type": "function_call_output", "output": "x"}]}, "input[0].call_id: "),
        ({"input": "hi", "model": 7}, "model: "),
        ({"input": "hi", "stream": "yes"}, "stream: "),
        ({"input": "hi", "tools": {}}, "tools: "),
        ({"input": "hi", "tools": [{"type": "function"}]}, "tools[0].name: "),
        ({"input": "hi", "tools": [{"name": "f"}]}, "tools[0].type: "),
        (
            {"input": "hi", "tools": [{"type": "namespace", "name": "n", "tools": [{}]}]},
            "tools[0].tools[0].type: ",
        ),
        ({"input": "hi", "tool_choice": "maybe"}, "tool_choice: "),
        ({"input": "hi", "max_output_tokens": -1}, "max_output_tokens: "),
        ({"input": "hi", "temperature": "hot"}, "temperature: "),
        ({"input": "hi", "reasoning": {"effort": 7}}, "reasoning.effort: "),
        ({"input": "hi", "instructions": 7}, "instructions: "),
        ({"input": "hi", "text": {"format": {"type": "json_schema"}}}, "text.format.schema: "),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(body: dict[str, Any], named: str):
    with pytest.raises(BadRequest) as refused:
        OPENAI_RESPONSES.parse(body)
    assert refused.value.message.startswith(named)
    assert OPENAI_RESPONSES.error_body(400, refused.value.message)["error"]["param"] == named[:-2]


HELD = [
    {"input": "hi", "previous_response_id": "resp_1"},
    {"input": "hi", "conversation": "conv_1"},
    {"prompt": {"id": "pmpt_1"}},
    {"input": [{"role": "user", "content": "hi"}, {"type": "item_reference", "id": "msg_1"}]},
    {"input": [{"type": "compaction", "encrypted_content": "c2Vh"}]},
]


@pytest.mark.parametrize("body", HELD, ids=lambda body: next(reversed(body)))
@pytest.mark.parametrize("upstream", [ANTHROPIC, OPENAI_CHAT], ids=lambda dialect: dialect.name)
def test_what_only_openai_holds_is_refused_elsewhere_and_passes_at_home(
    upstream: Dialect, body: dict[str, Any]
):
    request = OPENAI_RESPONSES.parse(body)
    assert OPENAI_RESPONSES.build(request, "m") == body | {"model": "m"}
    with pytest.raises(BadRequest, match="client's own provider holds") as refused:
        upstream.build(request, "m")
    assert refused.value.message.startswith(("previous", "conversation", "prompt", "input["))


@pytest.mark.parametrize("upstream", [ANTHROPIC, OPENAI_CHAT], ids=lambda dialect: dialect.name)
def test_an_unknown_item_passes_at_home_and_is_refused_by_its_place_elsewhere(upstream: Dialect):
    item = {"type": "computer_call", "call_id": "c", "action": {}}
    body = {"input": [{"role": "user", "content": "hi"}, item]}
    request = OPENAI_RESPONSES.parse(body)
    assert OPENAI_RESPONSES.build(request, "m") == body | {"model": "m"}
    with pytest.raises(BadRequest, match=r"input\[1\].*computer_call"):
        upstream.build(request, "m")


def test_an_orphan_result_of_another_client_is_refused_by_its_place():
    orphan = [{"type": "tool_result", "tool_use_id": "x", "content": "x"}]
    messages = [{"role": "user", "content": orphan}]
    request = ANTHROPIC.parse({"model": "m", "max_tokens": 9, "messages": messages})
    with pytest.raises(BadRequest, match=r"messages\.0.*'x'"):
        OPENAI_RESPONSES.build(request, "m")


def test_sealed_reasoning_is_read_and_reaches_no_other_provider():
    sealed = {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "Hm."}],
        "encrypted_content": "c2VhbGVk",
    }
    request = request_of(input=[{"role": "user", "content": "hi"}, sealed, CALL, RESULT])
    assert request.messages[1].blocks[0] == Thinking("Hm.", "c2VhbGVk", extra={"id": "rs_1"})
    for upstream in (ANTHROPIC, OPENAI_CHAT):
        built = upstream.build(request, "m", Quirks(reasoning_field="reasoning_content"))
        assert b"c2VhbGVk" not in orjson.dumps(built)
        assert b"Hm." not in orjson.dumps(built)


def test_reasoning_that_we_wrote_for_another_provider_does_not_go_to_openai():
    """OpenAI answers 404 to reasoning that it neither holds nor sealed."""
    wire = written([*STREAM[:11], *STREAM[-2:]])
    done = [line for line in wire.split(b"\n") if b'"response.completed"' in line][-1]
    output = orjson.loads(done.removeprefix(b"data: "))["response"]["output"]
    theirs = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "c2Vh"}
    said = {"role": "user", "content": "hi"}
    request = request_of(input=[said, *output, theirs, said])
    sent = OPENAI_RESPONSES.build(request, "m")["input"]
    assert sent == [said, *(i for i in output if i["type"] != "reasoning"), theirs, said]


def test_a_rewritten_result_changes_its_item_alone():
    body = {"input": [{"role": "user", "content": "hi"}, CALL | {"id": "fc_1"}, RESULT | {"x": 1}]}
    request = OPENAI_RESPONSES.parse(body)
    result = request.messages[2].blocks[0]
    assert isinstance(result, ToolResult)
    result.content, result.rewritten = [Text("short")], True
    built = OPENAI_RESPONSES.build(request, "m")
    assert built["input"] == [*body["input"][:2], RESULT | {"x": 1, "output": "short"}]
    assert body["input"][2]["output"] == "text"


def test_a_rewritten_result_keeps_its_image():
    url = "https://example.com/a.png"
    output = [{"type": "input_text", "text": "long"}, {"type": "input_image", "image_url": url}]
    request = request_of(input=[CALL, RESULT | {"output": output}])
    result = request.messages[1].blocks[0]
    assert isinstance(result, ToolResult) and isinstance(result.content[1], Image)
    result.content, result.rewritten = [Text("short"), result.content[1]], True
    told = OPENAI_RESPONSES.build(request, "m")["input"][1]["output"]
    assert [part.get("text") or part["image_url"] for part in told] == ["short", url]


def test_a_tool_taken_out_goes_wherever_it_stood():
    listed = {"type": "additional_tools", "role": "developer", "tools": [TOOLS[0], TOOLS[2]]}
    body = {"tools": [TOOLS[1], TOOLS[4]], "input": [listed, {"role": "user", "content": "hi"}]}
    request = OPENAI_RESPONSES.parse(body)
    assert [tool.name for tool in request.tools] == [
        "patch",
        "local_shell",
        "Read",
        "clock__sleep",
        "clock__exec",
    ]
    request.tools = [t for t in request.tools if t.name in ("local_shell", "clock__exec")]
    built = OPENAI_RESPONSES.build(request, "m")
    assert built["tools"] == [TOOLS[4]]
    assert built["input"][0]["tools"] == [TOOLS[2] | {"tools": [TOOLS[2]["tools"][1]]}]
    assert body["input"] == [listed, {"role": "user", "content": "hi"}]


def test_without_tools_nothing_speaks_of_them():
    body = {"input": "hi", "tools": TOOLS[:2], "tool_choice": "auto"}
    request = OPENAI_RESPONSES.parse(body)
    request.tools = []
    assert OPENAI_RESPONSES.build(request, "m") == {"input": "hi", "model": "m"}


def test_a_later_offer_of_a_tool_takes_the_place_of_an_earlier_one():
    newer = {"type": "function", "name": "Read", "description": "New."}
    listed = {"type": "additional_tools", "role": "developer", "tools": [newer]}
    request = request_of(input=[listed, {"role": "user", "content": "hi"}], tools=TOOLS[:2])
    assert [(t.name, t.description) for t in request.tools] == [("Read", "New."), ("patch", "")]


def test_a_hosted_tool_can_be_chosen_by_its_type():
    request = request_of(tools=[{"type": "web_search"}], tool_choice={"type": "web_search"})
    assert request.tool_choice == ToolChoice("tool", "web_search")
    assert [tool.kind for tool in request.tools] == ["server"]


def test_a_provider_s_quirks_hold_for_the_client_s_own_body():
    request = request_of(max_output_tokens=9000, temperature=0.5, metadata={"a": "b"})
    quirks = Quirks(
        max_tokens_limit=4096, reasoning_models=("gpt-5",), refuses=frozenset({"metadata"})
    )
    built = OPENAI_RESPONSES.build(request, "gpt-5", quirks)
    assert built["max_output_tokens"] == 4096
    assert "temperature" not in built and "metadata" not in built


def test_a_model_that_sees_no_images_is_sent_none():
    image = {"type": "input_image", "image_url": "https://example.com/a.png"}
    request = request_of(input=[{"role": "user", "content": [image]}])
    assert OPENAI_RESPONSES.dropped(request, Quirks(images=False)) == [
        "images: the model sees none"
    ]
    with pytest.raises(BadRequest, match=r"input\[0\].*images"):
        OPENAI_RESPONSES.build(request, "m", Quirks(images=False))
