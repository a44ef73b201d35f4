"""A conversation of any dialect becomes one that the Messages API takes, and nothing is lost."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.anthropic.blocks import read_block
from proxy.dialects.anthropic.blocks_out import write_block
from proxy.dialects.anthropic.claude import traits
from proxy.dialects.model import (
    Block,
    Image,
    Message,
    Other,
    Request,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.dialects.quirks import DEFAULT, Quirks
from proxy.errors import BadRequest
from tests.proxy.dialects.anthropic_golden import names, read

MODEL = "claude-sonnet-5-5"


def elsewhere(body: dict[str, Any]) -> Request:
    """The request as if a client of another dialect had sent it."""
    return replace(ANTHROPIC.parse(body), dialect="openai_chat")


def said(*messages: Message, **more: Any) -> Request:
    return Request("openai_chat", "m", list(messages), {}, **more)


def built(*messages: Message, quirks: Quirks = DEFAULT, **more: Any) -> dict[str, Any]:
    return ANTHROPIC.build(said(*messages, **more), MODEL, quirks)


def user(*blocks: Block) -> Message:
    return Message("user", list(blocks))


@pytest.mark.parametrize("name", names("requests", ".json"))
def test_golden(name: str) -> None:
    case = read("requests", name)
    request = elsewhere(case["given"])
    assert ANTHROPIC.build(request, case["model"]) == case["built"], case["trap"]


@pytest.mark.parametrize("arguments", ["", "  "])
def test_a_call_without_arguments_has_none(arguments: str) -> None:
    call = Message("assistant", [ToolCall("a", "now", arguments)])
    assert built(user(Text("time?")), call)["messages"][1]["content"][0]["input"] == {}


@pytest.mark.parametrize("arguments", ['{"a":', "nonsense", "[1]", '"text"', "null"])
def test_arguments_that_are_no_object_are_refused_not_replaced(arguments: str) -> None:
    call = Message("assistant", [ToolCall("a", "Read", arguments)])
    with pytest.raises(BadRequest, match=r"^messages\.1: .*'Read'"):
        built(user(Text("read")), call)


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (Message("narrator", [Text("x")]), "'narrator'"),
        (user(Other({"type": "input_audio"})), "'input_audio'"),
        (user(Image("image/tiff", "x")), "'image/tiff'"),
        (user(Image()), "without data or url"),
        (user(ToolCall("a", "b", "{}")), "'ToolCall'"),
        (Message("assistant", [Image(url="https://example.com")]), "'Image'"),
        (Message("system", [Image(url="https://example.com")]), "only text"),
    ],
)
def test_what_cannot_be_told_is_refused_by_the_message_it_stands_in(message, problem) -> None:
    with pytest.raises(BadRequest, match=r"^messages\.1: ") as refused:
        built(user(Text("hi")), message)
    assert problem in refused.value.message


def test_nothing_to_say_is_refused() -> None:
    with pytest.raises(BadRequest, match="^messages: "):
        built(user(Text(" ")))


def test_a_model_without_eyes_refuses_pictures_plainly() -> None:
    with pytest.raises(BadRequest, match="takes no images"):
        built(user(Image(url="https://example.com")), quirks=Quirks(images=False))


def test_a_misspelt_picture_type_is_put_right() -> None:
    source = built(user(Image("image/jpg", "x")))["messages"][0]["content"][0]["source"]
    assert source["media_type"] == "image/jpeg"


def test_a_pdf_of_a_chat_client_is_a_document() -> None:
    file = {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0="}}
    content = built(user(Other(file)))["messages"][0]["content"]
    assert content == [
        {
            "type": "document",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="},
        }
    ]


def test_a_free_text_tool_takes_its_text_by_one_name() -> None:
    tool = Tool("apply_patch", "Edits", kind="custom", raw={"type": "custom"})
    assert built(user(Text("x")), tools=[tool])["tools"] == [
        {
            "name": "apply_patch",
            "description": "Edits",
            "input_schema": {
                "type": "object",
                "properties": {"input": {"type": "string"}},
                "required": ["input"],
            },
        }
    ]


def test_what_is_left_out_is_said() -> None:
    request = said(
        user(Text("x")),
        Message("assistant", [Thinking("hm"), Text("y")]),
        tools=[Tool("shell", kind="server", raw={"type": "shell"})],
        stop=["\n"],
        user="u" * 300,
    )
    assert [line.partition(":")[0] for line in ANTHROPIC.dropped(request)] == [
        "tool shell",
        "earlier thinking",
        "blank stop sequences",
        "user",
    ]
    sent = ANTHROPIC.build(request, MODEL)
    assert not {"tools", "stop_sequences", "metadata"} & set(sent)


@pytest.mark.parametrize(
    ("model", "tokens", "adaptive", "budget", "sampling"),
    [
        ("claude-opus-5-5", 32_000, True, False, False),
        ("claude-haiku-5-5-20261001", 32_000, True, False, False),
        ("us.anthropic.claude-opus-4-7-v1:0", 32_000, True, False, False),
        ("anthropic/claude-sonnet-4.6", 32_000, True, False, True),
        ("claude-sonnet-4-5-20250929", 32_000, False, True, True),
        ("claude-opus-4-20250514", 32_000, False, True, True),
        ("claude-3-7-sonnet-20250219", 32_000, False, True, True),
        ("claude-3-5-haiku-latest", 8_192, False, False, True),
        ("claude-3-haiku-20240307", 4_096, False, False, True),
        ("kimi-k3", 8_192, False, True, True),
    ],
)
def test_what_a_model_takes_is_known_by_its_name(model, tokens, adaptive, budget, sampling) -> None:
    row = traits(model)
    assert (row.max_tokens, row.adaptive, row.budget, row.sampling) == (
        tokens,
        adaptive,
        budget,
        sampling,
    )


def test_an_effort_of_none_asks_for_no_thinking() -> None:
    assert not {"thinking", "output_config"} & set(built(user(Text("hi")), effort="none"))


def test_a_small_answer_leaves_no_room_for_a_budget() -> None:
    request = said(user(Text("hi")), effort="high", max_tokens=1500)
    assert "thinking" not in ANTHROPIC.build(request, "claude-opus-4-5")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda t: t.strip())
IDS = st.text("abcdefXYZ019_-", min_size=1, max_size=12)
NAMES = st.sampled_from(["Read", "Edit", "mcp__tracker__list"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
SAID = st.builds(lambda t: {"type": "text", "text": t}, TEXT)
SEEN = st.sampled_from(
    [
        {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
        {
            "type": "image",
            "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="},
        },
    ]
)
THOUGHT = st.one_of(
    st.builds(lambda t: {"type": "thinking", "thinking": t, "signature": "c2ln"}, TEXT),
    st.builds(lambda t: {"type": "redacted_thinking", "data": t}, TEXT),
)


def call(call_id: str, name: str, given: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": call_id, "name": name, "input": given}


@st.composite
def conversations(draw: Any, ids: st.SearchStrategy[str] = IDS) -> dict[str, Any]:
    """A Messages body as the API wants it: roles by turns, each call answered in order."""
    fresh = iter(draw(st.lists(ids, unique=True, min_size=12, max_size=12)))
    content = draw(st.lists(SAID | SEEN, min_size=1, max_size=3))
    messages = [{"role": "user", "content": content}]
    for _ in range(draw(st.integers(0, 4))):
        inputs = st.dictionaries(TEXT, JSON, max_size=3)
        calls = [
            call(next(fresh), draw(NAMES), draw(inputs)) for _ in range(draw(st.integers(0, 3)))
        ]
        words = draw(st.lists(SAID, min_size=0 if calls else 1, max_size=2))
        messages.append({"role": "assistant", "content": words + calls})
        results = [draw(results_of(made["id"])) for made in calls]
        after = draw(st.lists(SAID | SEEN, min_size=0 if calls else 1, max_size=2))
        messages.append({"role": "user", "content": results + after})
    body = {"model": MODEL, "max_tokens": draw(st.integers(1, 9999)), "messages": messages}
    if system := draw(st.lists(SAID, max_size=2)):
        body["system"] = system
    return body


@st.composite
def results_of(draw: Any, call_id: str) -> dict[str, Any]:
    result: dict[str, Any] = {"type": "tool_result", "tool_use_id": call_id}
    if content := draw(st.lists(SAID | SEEN, max_size=2)):
        result["content"] = content
    return result | ({"is_error": True} if draw(st.booleans()) else {})


@given(conversations())
def test_any_conversation_survives_the_neutral_form_unchanged(body) -> None:
    before = orjson.dumps(body)
    assert ANTHROPIC.build(ANTHROPIC.parse(body), body["model"]) == body
    assert ANTHROPIC.build(elsewhere(body), body["model"]) == body
    assert orjson.dumps(body) == before


@given(conversations())
def test_a_conversation_that_went_through_once_goes_through_the_same(body) -> None:
    body["messages"].insert(1, {"role": "system", "content": "note"})
    once = ANTHROPIC.build(elsewhere(body), MODEL)
    assert ANTHROPIC.build(elsewhere(once), MODEL) == once


@given(conversations(st.text(min_size=1, max_size=5)), st.integers(0, 8))
def test_a_longer_conversation_begins_with_the_bytes_of_the_shorter(body, turns: int) -> None:
    count = len(body["messages"])
    short = body | {"messages": body["messages"][: min(2 * (turns // 2) + 1, count)]}
    first, later = (ANTHROPIC.build(elsewhere(b), MODEL)["messages"] for b in (short, body))
    assert orjson.dumps(later[: len(first)]) == orjson.dumps(first)


@given(SAID | SEEN | THOUGHT | st.builds(call, IDS, NAMES, st.dictionaries(TEXT, JSON)))
def test_a_block_reads_back_as_it_was_written(raw) -> None:
    assert write_block(read_block(raw, ("content",), 0)) == raw


@st.composite
def scrambled(draw: Any) -> Any:
    """Any messages at all: roles in any order, results without calls, calls without results."""
    few_ids = st.sampled_from(["a", "b", "c", "odd id!"])
    block = st.one_of(
        st.builds(Text, st.sampled_from(["", " ", "word"])),
        st.builds(ToolResult, few_ids, st.lists(st.builds(Text, TEXT), max_size=1), st.booleans()),
    )
    spoken = st.one_of(
        st.builds(Text, st.sampled_from(["", "word"])),
        st.builds(Thinking, TEXT),
        st.builds(ToolCall, few_ids, NAMES, st.just('{"a":1}')),
    )
    message = st.one_of(
        st.builds(Message, st.sampled_from(["user", "tool"]), st.lists(block, max_size=3)),
        st.builds(Message, st.just("assistant"), st.lists(spoken, max_size=3)),
        st.builds(Message, st.sampled_from(["system", "developer"]), st.just([Text("rule")])),
    )
    return draw(st.lists(message, max_size=8))


@given(scrambled())
def test_whatever_the_order_the_api_gets_turns_that_it_takes(messages) -> None:
    wire = ANTHROPIC.build(said(user(Text("begin")), *messages), MODEL)["messages"]
    roles = [message["role"] for message in wire]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
    ids = [block["id"] for message in wire for block in message["content"] if "id" in block]
    assert len(ids) == len(set(ids))
    for spoken, heard in zip(wire[1::2], wire[2::2], strict=True):
        calls = [block["id"] for block in spoken["content"] if block["type"] == "tool_use"]
        kinds = [block["type"] for block in heard["content"]]
        results = [b["tool_use_id"] for b in heard["content"] if b["type"] == "tool_result"]
        assert results == calls
        assert kinds[: len(calls)] == ["tool_result"] * len(calls)
    every = [block for message in wire for block in message["content"]]
    assert all(block["text"].strip() for block in every if block["type"] == "text")
    sent_results = sum(isinstance(b, ToolResult) for m in messages for b in m.blocks)
    told = sum(b["type"] == "tool_result" and b.get("content") != NOBODY for b in every)
    orphans = sum(b.get("text", "").startswith("<tool_result ") for b in every)
    assert told + orphans == sent_results, "a result got lost"


NOBODY = [{"type": "text", "text": "no result was sent for this call"}]
