"""What a Messages client sends means what it says, passes on unchanged, and is refused by name."""

from copy import deepcopy
from typing import Any

import orjson
import pytest

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.model import Image, Message, Other, Text, Thinking, ToolCall, ToolResult
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest
from tests.proxy.dialects.anthropic_golden import read

BODY = read("clients", "claude_code_turn")
TURN = ANTHROPIC.parse(BODY)
EPHEMERAL = {"cache_control": {"type": "ephemeral"}}


def test_system_blocks_keep_their_order_with_the_billing_header_first() -> None:
    texts = [block.text for block in TURN.system if isinstance(block, Text)]
    assert texts[0].startswith("x-anthropic-billing-header")
    assert texts[1:] == ["You are a coding agent.", "Work in /project."]


def test_system_messages_stay_in_their_places() -> None:
    roles = [message.role for message in TURN.messages]
    assert roles == ["user", "system", "assistant", "user", "system", "system", "narrator"]
    assert TURN.messages[1].blocks == [Text("Tools available later: mcp__tracker__list")]
    assert TURN.messages[4:6] == [
        Message("system", [Text("The date changed.")]),
        Message("system", []),
    ]


def test_every_known_block_is_read_and_every_other_kept() -> None:
    assert TURN.messages[0].blocks == [Text("Fix the bug in a.py", EPHEMERAL)]
    assert TURN.messages[2].blocks == [
        Thinking("Look first.", "c2lnbmVk"),
        Thinking(redacted="b3BhcXVl"),
        Text("Reading."),
        ToolCall(
            "toolu_1",
            "Read",
            '{"file_path":"/project/a.py"}',
            {"caller": {"type": "direct"}},
        ),
        ToolCall("toolu_2", "Plan", "{}"),
    ]
    first, second, third, by_url, by_file, document = TURN.messages[3].blocks
    assert first == ToolResult("toolu_1", [Text("1\tprint('hi'")])
    picture = Image("image/png", "iVBORw0KGgo=")
    reference = Other({"type": "tool_reference", "tool_name": "mcp__tracker__list"})
    assert second == ToolResult("toolu_2", [Text("seen"), picture, reference], is_error=True)
    assert third == ToolResult("toolu_3", [])
    assert by_url == Image(url="https://example.com/a.png")
    assert isinstance(by_file, Other) and isinstance(document, Other)
    assert TURN.messages[6].extra == {"mood": "calm"}


def test_tools_are_functions_unless_the_provider_runs_them() -> None:
    kinds = [(tool.name, tool.kind) for tool in TURN.tools]
    assert kinds == [
        ("Read", "function"),
        ("mcp__tracker__list", "function"),
        ("Plan", "function"),
        ("web_search", "server"),
    ]
    assert TURN.tools[0].schema["required"] == ["file_path"]
    assert TURN.tools[1].raw["defer_loading"] is True


def test_settings_are_read() -> None:
    assert (TURN.model, TURN.max_tokens, TURN.stream) == ("claude-opus-5-5", 128000, True)
    assert (TURN.thinking, TURN.effort, TURN.temperature) == (True, "high", 1)
    assert TURN.output_schema == {"type": "object"}
    assert TURN.stop == ["STOP"]
    assert orjson.loads(TURN.user) == {"device_id": "d", "session_id": "s"}
    assert TURN.tool_choice is not None
    assert (TURN.tool_choice.mode, TURN.tool_choice.parallel) == ("auto", False)


@pytest.mark.parametrize(
    ("thinking", "means", "budget"),
    [
        ({"type": "enabled", "budget_tokens": 2048}, True, 2048),
        ({"type": "adaptive"}, True, None),
        ({"type": "disabled"}, False, None),
        ({"type": "of next year"}, None, None),
        (None, None, None),
    ],
)
def test_thinking_is_on_off_or_not_said(thinking, means, budget) -> None:
    request = ANTHROPIC.parse(
        {"messages": [{"role": "user", "content": "x"}]} | {"thinking": thinking}
    )
    assert (request.thinking, request.thinking_budget) == (means, budget)


@pytest.mark.parametrize("kind", ["auto", "any", "none", "tool"])
def test_tool_choices_are_read(kind: str) -> None:
    choice = {"type": kind, "name": "Read"}
    request = ANTHROPIC.parse(
        {"messages": [{"role": "user", "content": "x"}], "tool_choice": choice}
    )
    assert request.tool_choice is not None
    assert request.tool_choice.mode == kind
    assert request.tool_choice.name == ("Read" if kind == "tool" else "")


def test_a_beta_output_format_is_a_schema_too() -> None:
    given = {"type": "json_schema", "schema": {"type": "object", "title": "t"}}
    body = {"messages": [{"role": "user", "content": "x"}], "output_format": given}
    assert ANTHROPIC.parse(body).output_schema == given["schema"]


def test_a_system_string_is_one_block_and_an_empty_one_none() -> None:
    for system, blocks in (("Be terse.", [Text("Be terse.")]), ("", []), ([], []), (None, [])):
        body = {"messages": [{"role": "user", "content": "x"}], "system": system}
        assert ANTHROPIC.parse(body).system == blocks


def test_the_body_goes_on_with_only_the_model_changed() -> None:
    before = deepcopy(BODY)
    request = ANTHROPIC.parse(BODY)
    assert ANTHROPIC.build(request, BODY["model"]) == before
    assert ANTHROPIC.build(request, "other") == before | {"model": "other"}
    assert before == BODY, "the client's own body must not be touched"
    assert ANTHROPIC.dropped(request) == []


def test_a_row_of_the_catalog_may_clamp_and_refuse_on_the_way() -> None:
    quirks = Quirks(max_tokens_limit=8192, refuses=frozenset({"context_management"}))
    built = ANTHROPIC.build(TURN, "glm-5", quirks)
    assert built["max_tokens"] == 8192
    assert "context_management" not in built
    assert ANTHROPIC.dropped(TURN, quirks) == ["context_management: this provider refuses it"]


HI = {"role": "user", "content": "hi"}


def blocks(*given: Any) -> dict[str, Any]:
    return {"messages": [HI, {"role": "user", "content": list(given)}]}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "messages: Field required"),
        ({"messages": None}, "messages: Field required"),
        ({"messages": []}, "messages: at least one message is required"),
        ({"messages": "hi"}, "messages: Input should be a valid list"),
        ({"messages": ["hi"]}, "messages.0: Input should be a valid dictionary"),
        ({"messages": [{"content": "hi"}]}, "messages.0.role: Field required"),
        ({"messages": [{"role": 1, "content": "hi"}]}, "messages.0.role: Input should be"),
        ({"messages": [HI, {"role": "user"}]}, "messages.1.content: Field required"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages.0.content: Input should be"),
        (blocks("hi"), "messages.1.content.0: Input should be a valid dictionary"),
        (blocks({"text": "hi"}), "messages.1.content.0.type: Field required"),
        (blocks({"type": "text"}), "messages.1.content.0.text: Field required"),
        (blocks({"type": "text", "text": 1}), "messages.1.content.0.text: Input should be"),
        (blocks({"type": "image"}), "messages.1.content.0.source: Field required"),
        (
            blocks({"type": "image", "source": {"type": "base64", "data": "x"}}),
            "messages.1.content.0.source.media_type: Field required",
        ),
        (blocks({"type": "tool_use", "name": "a"}), "messages.1.content.0.id: Field required"),
        (
            blocks({"type": "tool_use", "id": "a", "name": "a", "input": "x"}),
            "messages.1.content.0.input: Input should be a valid dictionary",
        ),
        (blocks({"type": "tool_result"}), "messages.1.content.0.tool_use_id: Field required"),
        (
            blocks({"type": "tool_result", "tool_use_id": "a", "content": [{"type": "text"}]}),
            "messages.1.content.0.content.0.text: Field required",
        ),
        (blocks({"type": "thinking"}), "messages.1.content.0.thinking: Field required"),
        ({"messages": [HI], "model": 1}, "model: Input should be a valid string"),
        ({"messages": [HI], "max_tokens": "9"}, "max_tokens: Input should be a valid integer"),
        ({"messages": [HI], "max_tokens": True}, "max_tokens: Input should be a valid integer"),
        ({"messages": [HI], "max_tokens": -1}, "max_tokens: Input should be greater"),
        ({"messages": [HI], "temperature": "1"}, "temperature: Input should be a valid number"),
        ({"messages": [HI], "stream": "yes"}, "stream: Input should be a valid boolean"),
        ({"messages": [HI], "system": 5}, "system: Input should be a valid list"),
        ({"messages": [HI], "tools": {}}, "tools: Input should be a valid list"),
        ({"messages": [HI], "tools": [1]}, "tools.0: Input should be a valid dictionary"),
        ({"messages": [HI], "tools": [{}]}, "tools.0.name: Field required"),
        (
            {"messages": [HI], "tools": [{"name": "a", "input_schema": []}]},
            "tools.0.input_schema: Input should be a valid dictionary",
        ),
        ({"messages": [HI], "tool_choice": "auto"}, "tool_choice: Input should be"),
        ({"messages": [HI], "tool_choice": {"type": "tool"}}, "tool_choice.name: Field required"),
        ({"messages": [HI], "stop_sequences": "x"}, "stop_sequences: Input should be"),
        ({"messages": [HI], "stop_sequences": [1]}, "stop_sequences.0: Input should be"),
        ({"messages": [HI], "thinking": True}, "thinking: Input should be a valid dictionary"),
        ({"messages": [HI], "metadata": {"user_id": 1}}, "metadata.user_id: Input should be"),
    ],
)
def test_a_wrong_body_is_refused_by_the_name_of_its_field(body, message: str) -> None:
    with pytest.raises(BadRequest) as refused:
        ANTHROPIC.parse(body)
    assert refused.value.status == 400
    assert refused.value.message.startswith(message)
