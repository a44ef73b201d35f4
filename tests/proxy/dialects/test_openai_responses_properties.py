"""What holds for every conversation and every Responses stream: nothing lost, any cut."""

from itertools import groupby
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.assemble import assemble
from proxy.dialects.base import Dialect
from proxy.dialects.free_text import unwrap, wrap
from proxy.dialects.model import (
    BlockStart,
    BlockStop,
    Broken,
    Delta,
    End,
    Finish,
    Message,
    Start,
    StreamEvent,
    Text,
    ToolCall,
    ToolResult,
)
from proxy.dialects.names import wire_name
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_responses import OPENAI_RESPONSES
from tests.proxy.dialects.responses_golden import TOOLS

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
ARGUMENTS = st.dictionaries(WORDS, st.integers(-99, 99) | WORDS, max_size=3)
SPARE = st.fixed_dictionaries({}, optional={"x_new": WORDS, "status": st.just("completed")})


def message(role: str, words: str, **more: Any) -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": words}], **more}


@st.composite
def calls(draw, turn: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Calls of one turn, each with its result: functions, free text, a namespace's tool."""
    made = []
    for at in range(draw(st.integers(0, 3))):
        call_id = {"call_id": f"call_{turn}_{at}"}
        free = draw(st.booleans())
        kind = "custom_tool_call" if free else "function_call"
        name = {"name": "patch"} if free else draw(st.sampled_from([_READ, _SLEEP]))
        told = {"input": draw(WORDS)} if free else {"arguments": _json(draw(ARGUMENTS))}
        result = {"type": f"{kind}_output", **call_id, "output": draw(WORDS | st.just(""))}
        made.append(({"type": kind, **call_id, **name, **told, **draw(SPARE)}, result))
    return made


_READ = {"name": "Read"}
_SLEEP = {"name": "sleep", "namespace": "clock"}


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


@st.composite
def inputs(draw) -> list[dict[str, Any]]:
    """Items of a client: a prompt, words, parallel calls, their results in any order."""
    items = [message("developer", draw(WORDS))] if draw(st.booleans()) else []
    items.append(message("user", draw(WORDS), **draw(SPARE)))
    for turn in range(draw(st.integers(0, 4))):
        made = draw(calls(turn))
        if draw(st.booleans()) or not made:
            items.append(message("assistant", draw(WORDS)))
        items += [call for call, _ in made]
        items += [result for _, result in draw(st.permutations(made))]
        if draw(st.booleans()) or not made:
            items.append(message(draw(st.sampled_from(["user", "developer"])), draw(WORDS)))
    return items


def body_of(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"model": "m", "input": items, "tools": TOOLS}


def told(messages: list[Message]) -> list[tuple[str, ...]]:
    """A conversation as one list of what was said, called and answered; results in call order."""
    out: list[tuple[str, ...]] = []
    for one in messages:
        results = [b for b in one.blocks if isinstance(b, ToolResult)]
        out += sorted(("result", r.call_id, *(_text(b) for b in r.content)) for r in results)
        for block in one.blocks:
            if isinstance(block, ToolCall):
                given = orjson.loads(block.arguments)
                out.append(("call", block.id, wire_name(block.name), str(given)))
            elif isinstance(block, Text):
                out.append((one.role, block.text))
    return out


def _text(block: Any) -> str:
    assert isinstance(block, Text)
    return block.text


def joined(said: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The same where words of one side that follow one another are one."""
    groups = groupby(said, lambda one: one[0])
    out: list[tuple[str, ...]] = []
    for role, ones in groups:
        if role in ("call", "result"):
            out += ones
        else:
            out.append((role, *(word for one in ones for word in one[1].split("\n\n"))))
    return out


@given(inputs())
def test_a_client_s_body_survives_its_own_dialect_unchanged(items):
    body = body_of(items)
    before = orjson.dumps(body)
    built = OPENAI_RESPONSES.build(OPENAI_RESPONSES.parse(body), "m")
    assert orjson.dumps(built) == before == orjson.dumps(body)
    assert built["input"] is items


@given(inputs())
@pytest.mark.parametrize("other", [ANTHROPIC, OPENAI_CHAT], ids=lambda dialect: dialect.name)
def test_a_conversation_goes_to_another_dialect_and_back(other: Dialect, items):
    items = [item for item in items if item.get("role") != "developer"]
    request = OPENAI_RESPONSES.parse(body_of(items))
    there = other.parse(other.build(request, "m"))
    back = OPENAI_RESPONSES.parse(OPENAI_RESPONSES.build(there, "m"))
    assert joined(_trimmed(told(back.messages))) == joined(told(request.messages))


def _trimmed(said: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without what a dialect adds so that the conversation does not end with the model."""
    return [one for one in said if not one[-1].startswith("<system>")]


@given(inputs())
def test_every_call_is_answered_before_anyone_speaks(items):
    chat = OPENAI_CHAT.parse(OPENAI_CHAT.build(OPENAI_RESPONSES.parse(body_of(items)), "m"))
    waiting: list[str] = []
    for item in OPENAI_RESPONSES.build(chat, "m")["input"]:
        if item["type"].endswith("_call"):
            waiting.append(item["call_id"])
        elif item["type"].endswith("_output"):
            assert item["call_id"] == waiting.pop(0)
        else:
            assert not waiting and item["content"]
    assert not waiting


@given(inputs(), st.integers(1, 20))
def test_a_later_turn_sends_the_earlier_ones_byte_for_byte(items, upto):
    ends = [at + 1 for at, item in enumerate(items) if item.get("role") == "user"]
    end = ends[upto % len(ends)]
    for other in (ANTHROPIC, OPENAI_CHAT):
        earlier = other.build(OPENAI_RESPONSES.parse(body_of(items[:end])), "m")["messages"]
        later = other.build(OPENAI_RESPONSES.parse(body_of(items)), "m")["messages"]
        *before, last = earlier
        assert orjson.dumps(later[: len(before)]) == orjson.dumps(before)
        # A user's turn may grow at its end, as a Messages turn takes all that is said in a row.
        start = orjson.dumps(last).removesuffix(b"]}")
        assert orjson.dumps(later[len(before)]).startswith(start)


@given(WORDS | st.just(""))
def test_free_text_survives_being_a_function_s_argument(words):
    assert unwrap(wrap(words)) == words


# Events of every kind a server has been seen to send, good and bad.
INDEXES = st.fixed_dictionaries({}, optional={"output_index": st.integers(0, 2)})
PIECES = st.sampled_from(["", "{", '{"p":1}', '"p":', "1}", 'a "quote"\n'])
ITEMS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["message", "reasoning", "function_call", "custom_tool_call", "web_search_call"]
        )
    },
    optional={
        "id": st.sampled_from(["a", "b"]),
        "call_id": st.sampled_from(["call_a", "call_b"]) | st.none(),
        "name": st.sampled_from(["Read", "patch", ""]) | st.none(),
        "arguments": PIECES,
        "input": PIECES,
        "content": st.lists(
            st.fixed_dictionaries({"type": st.just("output_text"), "text": WORDS}), max_size=2
        ),
        "summary": st.lists(
            st.fixed_dictionaries({"type": st.just("summary_text"), "text": WORDS}), max_size=2
        ),
        "encrypted_content": st.just("c2Vh"),
    },
)
DELTAS = [
    "output_text",
    "refusal",
    "function_call_arguments",
    "custom_tool_call_input",
    "reasoning_summary_text",
    "reasoning_text",
]
ENDS = ["completed", "incomplete", "failed", "sparkle"]
EVENTS = st.one_of(
    st.tuples(st.sampled_from(["output_item.added", "output_item.done"]), ITEMS).map(
        lambda one: {"type": f"response.{one[0]}", "item": one[1]}
    ),
    st.tuples(st.sampled_from(DELTAS), PIECES, st.integers(0, 1)).map(
        lambda one: {"type": f"response.{one[0]}.delta", "delta": one[1], "content_index": one[2]}
    ),
    st.tuples(st.sampled_from(["function_call_arguments"]), PIECES).map(
        lambda one: {"type": f"response.{one[0]}.done", "arguments": one[1]}
    ),
    st.tuples(st.sampled_from(["output_text"]), WORDS).map(
        lambda one: {"type": f"response.{one[0]}.done", "text": one[1]}
    ),
    st.tuples(st.sampled_from(ENDS), st.lists(ITEMS, max_size=2)).map(
        lambda one: {"type": f"response.{one[0]}", "response": {"id": "r", "output": one[1]}}
    ),
)
JUNK = st.sampled_from([b": comment", b"data: {", b"data: []", b"event: x", b"data: [DONE]"])


@st.composite
def wires(draw) -> bytes:
    end = draw(st.sampled_from([b"\n\n", b"\r\n\r\n"]))
    told_events = draw(st.lists(st.tuples(EVENTS, INDEXES), max_size=12))
    events = [b"data: " + orjson.dumps(one | place) for one, place in told_events]
    events += draw(st.lists(JUNK, max_size=1))
    return b"".join(event + end for event in events)


def read(wire: bytes, cuts: list[int]) -> list[StreamEvent]:
    reader = OPENAI_RESPONSES.reader()
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


@given(wires())
def test_any_stream_that_ends_well_tells_a_whole_answer_again_when_written(wire):
    answer = assemble(read(wire, []))
    if answer is None:
        return
    writer = OPENAI_RESPONSES.writer("m", OPENAI_RESPONSES.parse(body_of([message("user", "x")])))
    reader = OPENAI_RESPONSES.reader()
    written = b"".join(writer.write(event) for event in read(wire, []))
    again = assemble(reader.feed(written) + reader.close())
    assert again is not None
    names = [(b.id, b.name) for b in answer.blocks if isinstance(b, ToolCall)]
    assert [(b.id, b.name) for b in again.blocks if isinstance(b, ToolCall)] == names
    texts = [b.text for b in answer.blocks if isinstance(b, Text)]
    assert [b.text for b in again.blocks if isinstance(b, Text)] == texts


@st.composite
def call_streams(draw) -> tuple[list[tuple[str, str]], bytes]:
    """Calls with their arguments, and a stream that mixes their pieces in any order."""
    arguments = draw(st.lists(ARGUMENTS.map(_json), min_size=1, max_size=4))
    made = [(f"call_{at}", text) for at, text in enumerate(arguments)]
    size = draw(st.integers(1, 4))
    pieces = [[text[i : i + size] for i in range(0, len(text), size)] for text in arguments]
    turns = draw(st.permutations([at for at, own in enumerate(pieces) for _ in own]))
    events = [_added(at, call_id) for at, (call_id, _) in enumerate(made)]
    events += [_delta(at, pieces[at].pop(0)) for at in turns]
    events.append({"type": "response.completed", "response": {}})
    return made, b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in events)


def _added(at: int, call_id: str) -> dict[str, Any]:
    item = {"type": "function_call", "call_id": call_id, "name": "T"}
    return {"type": "response.output_item.added", "output_index": at, "item": item}


def _delta(at: int, piece: str) -> dict[str, Any]:
    kind = "response.function_call_arguments.delta"
    return {"type": kind, "output_index": at, "delta": piece}


@given(call_streams())
def test_parallel_calls_arrive_whole_however_their_pieces_are_mixed(stream):
    made, wire = stream
    answer = assemble(read(wire, []))
    assert answer is not None
    assert [(b.id, b.arguments) for b in answer.blocks if isinstance(b, ToolCall)] == made
