"""What holds for every conversation and every stream: nothing lost, nothing doubled, any cut."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.model import (
    BlockStart,
    BlockStop,
    Broken,
    Delta,
    End,
    Finish,
    Message,
    Request,
    Start,
    StreamEvent,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.dialects.names import wire_name
from proxy.dialects.openai_chat import OPENAI_CHAT

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
NAMES = st.sampled_from(["Read", "Write", "mcp__files__" + "x" * 70, "files.read"])
WHOLE = st.integers(-(2**63), 2**63 - 1)  # what the JSON library reads without loss
ARGUMENTS = st.dictionaries(WORDS, WHOLE | WORDS | st.lists(WORDS, max_size=2), max_size=3)


@st.composite
def conversations(draw) -> list[dict[str, Any]]:
    """Messages of an Anthropic client: words, parallel calls, their results in any order."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": draw(WORDS)}]
    for turn in range(draw(st.integers(0, 4))):
        calls = [
            {"type": "tool_use", "id": f"toolu_{turn}_{at}", "name": draw(NAMES), "input": given}
            for at, given in enumerate(draw(st.lists(ARGUMENTS, max_size=3)))
        ]
        said = [{"type": "text", "text": draw(WORDS)}] if draw(st.booleans()) or not calls else []
        messages.append({"role": "assistant", "content": said + calls})
        results = [
            {"type": "tool_result", "tool_use_id": call["id"], "content": draw(WORDS | st.just(""))}
            for call in draw(st.permutations(calls))
        ]
        more = [{"type": "text", "text": draw(WORDS)}] if draw(st.booleans()) or not calls else []
        messages.append({"role": "user", "content": results + more})
        if draw(st.booleans()):
            messages.append({"role": "system", "content": draw(WORDS)})
    return messages


def request_of(messages: list[dict[str, Any]]) -> Request:
    tools = [{"name": name, "input_schema": {"type": "object"}} for name in _names(messages)]
    return ANTHROPIC.parse({"model": "m", "max_tokens": 9, "messages": messages, "tools": tools})


def _names(messages: list[dict[str, Any]]) -> set[str]:
    blocks = [b for m in messages if isinstance(m["content"], list) for b in m["content"]]
    return {block["name"] for block in blocks if block["type"] == "tool_use"}


def told(messages: list[Message], name=wire_name) -> list[tuple[str, ...]]:
    """A conversation as one list of what was said, called and answered; results in call order."""
    out: list[tuple[str, ...]] = []
    for message in messages:
        results = [b for b in message.blocks if isinstance(b, ToolResult)]
        out += sorted(("result", r.call_id, *(_text(b) for b in r.content)) for r in results)
        for block in message.blocks:
            if isinstance(block, ToolCall):
                out.append(("call", block.id, name(block.name), block.arguments))
            elif isinstance(block, Text):
                out.append((message.role, block.text))
    return out


def _text(block: Any) -> str:
    assert isinstance(block, Text)
    return block.text


@given(conversations())
def test_a_conversation_survives_chat_with_text_calls_results_order_and_ids(messages):
    request = request_of(messages)
    back = OPENAI_CHAT.parse(OPENAI_CHAT.build(request, "m"))
    assert told(back.messages) == told(request.messages)


@given(conversations())
def test_every_call_is_answered_at_once_and_no_message_is_empty(messages):
    waiting: list[str] = []
    for message in OPENAI_CHAT.build(request_of(messages), "m")["messages"]:
        if message["role"] == "tool":
            assert message["tool_call_id"] == waiting.pop(0)
            continue
        assert not waiting
        waiting = [call["id"] for call in message.get("tool_calls", [])]
        assert message["content"] or waiting
    assert not waiting


@given(conversations())
def test_a_conversation_goes_from_messages_to_chat_and_back(messages):
    request = request_of([m for m in messages if m["role"] != "system"])
    there = OPENAI_CHAT.parse(OPENAI_CHAT.build(request, "m"))
    back = ANTHROPIC.parse(ANTHROPIC.build(there, "m"))
    assert told(back.messages) == told(request.messages)


@given(conversations(), st.integers(1, 20))
def test_a_later_turn_sends_the_earlier_ones_byte_for_byte(messages, upto):
    """As long as the earlier request was whole: its calls answered, its last word the user's."""
    ends = [at + 1 for at, message in enumerate(messages) if message["role"] == "user"]
    end = ends[upto % len(ends)]
    earlier = OPENAI_CHAT.build(request_of(messages[:end]), "m")["messages"]
    later = OPENAI_CHAT.build(request_of(messages), "m")["messages"]
    assert orjson.dumps(later[: len(earlier)]) == orjson.dumps(earlier)


# Deltas of every kind a server has been seen to send, good and bad.
PIECES = st.sampled_from(["", "{", '{"p":1}', '"p":', "1}", "{}", "hello"])
FRAGMENTS = st.fixed_dictionaries(
    {},
    optional={
        "index": st.integers(0, 2) | st.none(),
        "id": st.sampled_from(["", "call_a", "call_b"]) | st.none(),
        "function": st.none()
        | st.fixed_dictionaries(
            {}, optional={"name": st.sampled_from(["", "Read"]) | st.none(), "arguments": PIECES}
        ),
    },
)
DELTAS = st.fixed_dictionaries(
    {},
    optional={
        "role": st.just("assistant"),
        "content": st.none() | WORDS | st.just(""),
        "reasoning_content": st.none() | WORDS,
        "tool_calls": st.none() | st.lists(FRAGMENTS, max_size=3),
    },
)
CHOICES = st.fixed_dictionaries(
    {"delta": DELTAS | st.none()},
    optional={"finish_reason": st.sampled_from([None, "stop", "length", "tool_calls"])},
)
CHUNKS = st.fixed_dictionaries(
    {"choices": st.lists(CHOICES, max_size=1)},
    optional={
        "id": st.just("c1"),
        "usage": st.none() | st.fixed_dictionaries({"prompt_tokens": st.integers(0, 99)}),
    },
)
JUNK = st.sampled_from([b": comment", b"data: {", b"data: []", b"event: x", b"data: [DONE]"])


@st.composite
def wires(draw) -> bytes:
    end = draw(st.sampled_from([b"\n\n", b"\r\n\r\n"]))
    events = [b"data: " + orjson.dumps(c) for c in draw(st.lists(CHUNKS, max_size=10))]
    events += draw(st.lists(JUNK, max_size=1))
    return b"".join(event + end for event in events)


def read(wire: bytes, cuts: list[int]) -> list[StreamEvent]:
    reader = OPENAI_CHAT.reader()
    places = sorted({cut % (len(wire) + 1) for cut in cuts})
    edges = zip([0, *places], [*places, len(wire)], strict=True)
    events = [event for start, end in edges for event in reader.feed(wire[start:end])]
    return events + reader.close()


@given(wires(), st.lists(st.integers(0, 5000), max_size=30))
def test_any_cut_of_any_stream_gives_the_same_events(wire, cuts):
    assert read(wire, cuts) == read(wire, [])


@given(wires())
def test_any_stream_opens_one_block_at_a_time_and_ends_once(wire):
    events, opened, closed = read(wire, []), 0, 0
    for event in events:
        match event:
            case BlockStart(index):
                assert index == opened == closed
                opened += 1
            case Delta(index, text=text):
                assert index == closed == opened - 1 and text
            case BlockStop(index):
                assert index == closed == opened - 1
                closed += 1
    assert sum(isinstance(event, Start) for event in events) <= 1
    ends = [e for e in events if isinstance(e, End | Broken)]
    assert ends == events[-1:]
    if isinstance(ends[0], End):
        assert isinstance(events[-2], Finish) and opened == closed


@st.composite
def call_streams(draw) -> tuple[list[tuple[str, str]], bytes]:
    """Calls with their arguments, and a stream that mixes their pieces in any order."""
    arguments = draw(st.lists(ARGUMENTS.map(lambda a: orjson.dumps(a).decode()), min_size=1))
    calls = [(f"call_{at}", text) for at, text in enumerate(arguments)]
    pieces = [_pieces(at, text, draw(st.integers(1, 4))) for at, (_, text) in enumerate(calls)]
    turns = draw(st.permutations([at for at, own in enumerate(pieces) for _ in own]))
    chunks = [_chunk({"tool_calls": [pieces[at].pop(0)]}) for at in turns]
    return calls, b"".join(chunks) + _chunk({}, "tool_calls") + b"data: [DONE]\n\n"


def _pieces(index: int, text: str, size: int) -> list[dict[str, Any]]:
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    first = {"index": index, "id": f"call_{index}", "function": {"name": "T", "arguments": ""}}
    return [first, *({"index": index, "function": {"arguments": part}} for part in parts)]


def _chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    chunk = {"id": "c1", "choices": [{"delta": delta, "finish_reason": finish}]}
    return b"data: " + orjson.dumps(chunk) + b"\n\n"


@given(call_streams())
def test_parallel_calls_arrive_whole_however_their_pieces_are_mixed(stream):
    calls, wire = stream
    found: dict[str, str] = {}
    for event in read(wire, []):
        if isinstance(event, BlockStart) and isinstance(event.block, ToolCall):
            found[event.block.id] = ""
        elif isinstance(event, Delta):
            found[list(found)[-1]] += event.text
    assert sorted(found.items()) == sorted(calls)


@given(st.lists(st.text(min_size=1, max_size=100), unique=True, max_size=8))
def test_any_tool_name_comes_back_from_a_provider(names):
    request = Request("anthropic", "m", [], {}, tools=[Tool(name) for name in names])
    wires = [wire_name(name) for name in names]
    calls = [{"id": f"c{at}", "function": {"name": name}} for at, name in enumerate(wires)]
    answer = OPENAI_CHAT.read_answer({"choices": [{"message": {"tool_calls": calls}}]}, request)
    assert [b.name for b in answer.blocks if isinstance(b, ToolCall)] == names
