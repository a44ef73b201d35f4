"""Messages streams mean the same however they are cut, and what we write every client reads."""

from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.anthropic import ANTHROPIC, UsageTap
from proxy.dialects.model import (
    BlockStart,
    BlockStop,
    Broken,
    Delta,
    End,
    Finish,
    Other,
    Ping,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.names import wire_name
from proxy.dialects.sse import SseReader, encode
from tests.proxy.dialects.anthropic_golden import expected, names, stream, told
from tests.proxy.dialects.test_anthropic_build import elsewhere

STREAMS = names("streams", ".sse")


def events_of(*chunks: bytes) -> list[StreamEvent]:
    reader = ANTHROPIC.reader()
    return [event for chunk in chunks for event in reader.feed(chunk)] + reader.close()


def cut(wire: bytes, at: list[int]) -> list[bytes]:
    return [wire[a:b] for a, b in pairwise([0, *sorted(at), len(wire)])]


def cuts_of(wire: bytes) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, len(wire)), max_size=40)


@pytest.mark.parametrize("name", STREAMS)
def test_golden(name: str) -> None:
    assert told(events_of(stream(name))) == expected(name)


@given(st.sampled_from(STREAMS), st.data())
def test_any_cut_gives_the_same_events(name: str, data) -> None:
    wire = stream(name)
    assert events_of(*cut(wire, data.draw(cuts_of(wire)))) == events_of(wire)


def test_a_byte_at_a_time_gives_the_same_events() -> None:
    wire = stream("thinking_text_and_parallel_calls")
    assert told(events_of(*(bytes([byte]) for byte in wire))) == told(events_of(wire))


def test_nothing_follows_the_end() -> None:
    reader = ANTHROPIC.reader()
    reader.feed(stream("text"))
    assert reader.feed(stream("text")) == []
    assert reader.close() == []


def test_tools_get_their_own_names_back() -> None:
    long = "mcp.tracker/" + "list_" * 20
    start = {"type": "tool_use", "id": "a", "name": wire_name(long), "input": {}}
    event = {"type": "content_block_start", "index": 0, "content_block": start}
    wire = encode("content_block_start", orjson.dumps(event))
    body = {"messages": [{"role": "user", "content": "x"}], "tools": [{"name": long}]}
    opened = ANTHROPIC.reader(elsewhere(body)).feed(wire)[-1]
    assert isinstance(opened, BlockStart) and isinstance(opened.block, ToolCall)
    assert opened.block.name == long
    own = ANTHROPIC.reader(ANTHROPIC.parse(body)).feed(wire)[-1]
    assert isinstance(own, BlockStart) and isinstance(own.block, ToolCall)
    assert own.block.name == wire_name(long), (
        "a Messages client's own names go both ways as they are"
    )


# Writing


def write(*events: StreamEvent) -> list[dict[str, Any]]:
    writer = ANTHROPIC.writer("asked-model")
    wire = b"".join(writer.write(event) for event in events)
    found = SseReader().feed(wire)
    payloads = [orjson.loads(data) for _, data in found]
    assert [name for name, _ in found] == [payload["type"] for payload in payloads]
    return payloads


def kinds(payloads: list[dict[str, Any]]) -> list[str]:
    return [payload["type"].removeprefix("content_") for payload in payloads]


USAGE = Usage(25, 15, 900, 40)
START = Start("msg_1", "claude-x", Usage(25, 1, 900, 40))
WORDS: list[StreamEvent] = [BlockStart(0, Text("")), Delta(0, "text", "Hello"), BlockStop(0)]


def test_the_start_names_the_model_asked_for_and_what_is_billed() -> None:
    message = write(START)[0]["message"]
    assert message["model"] == "asked-model"
    assert message["usage"] == {
        "input_tokens": 25,
        "output_tokens": 1,
        "cache_read_input_tokens": 900,
        "cache_creation_input_tokens": 40,
    }


def test_the_end_says_why_and_how_much_once() -> None:
    payloads = write(
        START, *WORDS, Finish("end_turn", USAGE), Finish("end_turn", USAGE), End(), End()
    )
    assert kinds(payloads)[-2:] == ["message_delta", "message_stop"]
    assert kinds(payloads).count("message_delta") == kinds(payloads).count("message_stop") == 1
    assert payloads[-2]["delta"] == {"stop_reason": "end_turn", "stop_sequence": None}
    assert payloads[-2]["usage"]["output_tokens"] == 15


def test_calls_make_the_reason_whatever_the_provider_said() -> None:
    call: list[StreamEvent] = [BlockStart(0, ToolCall("toolu_1", "Read", "")), BlockStop(0)]
    payloads = write(START, *call, Finish("end_turn", USAGE), End())
    assert payloads[-2]["delta"]["stop_reason"] == "tool_use"


def test_a_broken_stream_is_an_error_and_no_end() -> None:
    payloads = write(START, *WORDS[:2], Broken("overloaded_error", "Overloaded"), *WORDS[2:], End())
    assert kinds(payloads) == ["message_start", "block_start", "block_delta", "error"]
    assert payloads[-1]["error"] == {"type": "overloaded_error", "message": "Overloaded"}


def test_an_end_without_a_reason_is_an_error() -> None:
    assert kinds(write(START, *WORDS, End()))[-1] == "error"


def test_one_block_is_open_at_a_time_and_indexes_are_dense() -> None:
    payloads = write(
        BlockStart(3, Text("")),
        Delta(3, "text", "a"),
        BlockStart(7, Thinking()),
        Delta(3, "text", "for a block that is closed"),
        Delta(7, "signature", "c2ln"),
        BlockStop(3),
        Finish("end_turn", USAGE),
        BlockStart(8, Text("")),
        End(),
    )
    assert [(kind, p.get("index")) for kind, p in zip(kinds(payloads), payloads, strict=True)] == [
        ("message_start", None),
        ("block_start", 0),
        ("block_delta", 0),
        ("block_stop", 0),
        ("block_start", 1),
        ("block_delta", 1),
        ("block_stop", 1),
        ("message_delta", None),
        ("message_stop", None),
    ]


def test_a_ping_is_relayed() -> None:
    assert kinds(write(START, Ping()))[-1] == "ping"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
COUNT = st.integers(1, 10**6)
BLOCKS: st.SearchStrategy[tuple[Any, list[Any]]] = st.one_of(
    st.tuples(st.just(Text("")), st.lists(st.tuples(st.just("text"), TEXT))),
    st.tuples(
        st.just(Thinking()),
        st.lists(st.tuples(st.just("thinking"), TEXT)).map(lambda t: [*t, ("signature", "c2ln")]),
    ),
    st.tuples(st.builds(lambda data: Thinking(redacted=data), TEXT), st.just([])),
    st.tuples(
        st.builds(lambda i, n: ToolCall(i, n, ""), TEXT, TEXT),
        st.lists(st.tuples(st.just("arguments"), TEXT)),
    ),
    st.tuples(st.builds(lambda t: Other({"type": "new_" + t, "x": 1}), TEXT), st.just([])),
)


@st.composite
def answers(draw: Any) -> list[StreamEvent]:
    usage = Usage(draw(COUNT), draw(COUNT), draw(COUNT | st.none()), draw(COUNT | st.none()))
    events: list[StreamEvent] = [Start(draw(TEXT), "asked-model", Usage(usage.input, 1))]
    called = False
    for index, (block, pieces) in enumerate(draw(st.lists(BLOCKS, max_size=5))):
        called = called or isinstance(block, ToolCall)
        events.append(BlockStart(index, block))
        events += [Delta(index, kind, text) for kind, text in pieces]
        events.append(BlockStop(index))
    stop: Any = (
        "tool_use" if called else draw(st.sampled_from(["end_turn", "max_tokens", "refusal"]))
    )
    return [*events, Finish(stop, usage, draw(st.just("") | TEXT)), End()]


@given(answers(), st.data())
def test_what_is_written_reads_back_under_any_cut(events, data) -> None:
    writer = ANTHROPIC.writer("asked-model")
    wire = b"".join(writer.write(event) for event in events)
    assert events_of(*cut(wire, data.draw(cuts_of(wire)))) == events


# The tap


def tap(*chunks: bytes) -> UsageTap:
    watcher = UsageTap()
    for chunk in chunks:
        watcher.feed(chunk)
    watcher.close()
    return watcher


@given(answers(), st.data())
def test_the_tap_sees_what_the_reader_sees_under_any_cut(events, data) -> None:
    writer = ANTHROPIC.writer("asked-model")
    wire = b"".join(writer.write(event) for event in events)
    seen = tap(*cut(wire, data.draw(cuts_of(wire))))
    finish = next(event for event in events if isinstance(event, Finish))
    assert (seen.usage, seen.stop, seen.model) == (finish.usage, finish.stop, "asked-model")
    assert seen.finished and seen.broken is None and not seen.inside


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("size", [1, 7, 64, 10**6])
def test_the_tap_agrees_with_the_reader_on_every_golden_stream(name: str, size: int) -> None:
    wire = stream(name)
    seen = tap(*(wire[at : at + size] for at in range(0, len(wire), size)))
    events = events_of(wire)
    assert seen.finished == isinstance(events[-1], End)
    assert all(seen.usage == event.usage for event in events if isinstance(event, Finish))
    reported = [e for e in events if isinstance(e, Broken) and e.type == "overloaded_error"]
    assert seen.broken == (reported[0] if reported else None)


def test_text_that_speaks_of_events_tells_the_tap_nothing() -> None:
    quoted = orjson.dumps({"type": "message_stop", "usage": {"output_tokens": 9}}).decode()
    delta = {"type": "text_delta", "text": f"event: error\n\ndata: {quoted}\n\n"}
    event = {"type": "content_block_delta", "index": 0, "delta": delta}
    nested = {"type": "content_block_start", "content_block": {"type": "error", "error": {}}}
    seen = tap(
        encode("content_block_delta", orjson.dumps(event)), encode("x", orjson.dumps(nested))
    )
    assert (seen.finished, seen.broken, seen.usage) == (False, None, Usage())


def test_the_tap_knows_whether_it_stands_inside_an_event() -> None:
    watcher = UsageTap()
    watcher.feed(stream("text"))
    assert not watcher.inside
    watcher.feed(b"event: ping\ndata: {")
    assert watcher.inside


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["type", "message", "usage", "delta", "index", "content_block", "error"]
            )
            | st.sampled_from(["input_tokens", "stop_reason", "text", "input", "id", "model"]),
            inner
            | st.sampled_from(["message_start", "message_delta", "message_stop", "error", "ping"])
            | st.sampled_from(["content_block_start", "content_block_delta", "content_block_stop"])
            | st.sampled_from(["text", "text_delta", "tool_use", "input_json_delta", "thinking"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(st.lists(st.binary(max_size=40) | st.builds(lambda v: encode("", dump(v)), ODD)))
def test_nothing_that_a_server_sends_makes_tap_or_reader_raise(chunks) -> None:
    tap(*chunks)
    events = events_of(*chunks)
    assert isinstance(events[-1], End | Broken)
    assert sum(isinstance(event, End | Broken) for event in events) == 1


def dump(value: Any) -> bytes:
    return orjson.dumps(value, default=str) if fits(value) else b"{}"


def fits(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True
