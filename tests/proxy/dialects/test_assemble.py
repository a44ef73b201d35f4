"""A stream put together is the answer; an answer told as a stream is a proper one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.dialects.assemble import assemble, replay, unbilled
from proxy.dialects.model import (
    Answer,
    Block,
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

words = st.text(max_size=30)
blocks = (
    st.builds(Text, words)
    | st.builds(Thinking, words, words)
    | st.builds(Thinking, redacted=words)
    | st.builds(ToolCall, words, words, words)
    | st.builds(Other, st.just({"type": "new_thing", "value": 1}))
)
stops = st.sampled_from(["end_turn", "max_tokens", "tool_use", "stop_sequence", "refusal"])
counts = st.none() | st.integers(0, 10**6)
usages = st.builds(Usage, counts, counts, counts, counts, counts)
answers = st.builds(Answer, words, words, st.lists(blocks), stops, usages, words)

STREAM: list[StreamEvent] = [
    Start("m1", "model", Usage(input=12, cache_read=3)),
    Ping(),
    BlockStart(0, Thinking()),
    Delta(0, "thinking", "Let me "),
    Delta(0, "thinking", "see."),
    Delta(0, "signature", "sig"),
    BlockStop(0),
    BlockStart(1, Text("")),
    Delta(1, "text", "It is "),
    Delta(1, "text", "four."),
    BlockStop(1),
    BlockStart(2, ToolCall("c1", "Read", "")),
    Delta(2, "arguments", '{"path":'),
    Delta(2, "arguments", ' "x"}'),
    BlockStop(2),
    Finish("tool_use", Usage(output=9)),
    End(),
]


def test_a_stream_is_put_together() -> None:
    whole: list[Block] = [
        Thinking("Let me see.", "sig"),
        Text("It is four."),
        ToolCall("c1", "Read", '{"path": "x"}'),
    ]
    assert assemble(STREAM) == Answer("m1", "model", whole, "tool_use", Usage(12, 9, 3))
    assert STREAM[0] == Start("m1", "model", Usage(input=12, cache_read=3)), "events stay as told"


@pytest.mark.parametrize("length", range(len(STREAM)))
def test_a_stream_that_stops_short_is_no_answer(length: int) -> None:
    assert assemble(STREAM[:length]) is None
    assert assemble([*STREAM[:length], Broken("overloaded_error", "busy")]) is None


@pytest.mark.parametrize("missing", [0, 2, 6, 7, 10, 11, 14, 15])
def test_a_stream_with_a_hole_is_no_answer(missing: int) -> None:
    assert assemble([*STREAM[:missing], *STREAM[missing + 1 :]]) is None


def test_a_delta_of_another_kind_is_no_answer() -> None:
    assert assemble([*STREAM[:8], Delta(1, "arguments", "{}"), *STREAM[8:]]) is None


@given(answers)
def test_a_replay_gives_the_answer_back_without_thinking_and_unbilled(answer: Answer) -> None:
    assert assemble(replay(answer)) == unbilled(answer)
    shown: list[Block] = [block for block in answer.blocks if not isinstance(block, Thinking)]
    assert unbilled(answer) == replace(answer, blocks=shown, usage=Usage(0, 0, 0, 0, 0))


@given(answers)
def test_a_replay_is_a_proper_stream(answer: Answer) -> None:
    events = replay(answer)
    assert isinstance(events[0], Start) and isinstance(events[-1], End)
    assert isinstance(events[-2], Finish)
    open_at, started = -1, 0
    for event in events[1:-2]:
        match event:
            case BlockStart():
                assert open_at == -1 and event.index == started
                open_at, started = event.index, started + 1
                assert not isinstance(event.block, Text) or event.block.text == ""
            case Delta():
                assert event.index == open_at and event.text
            case BlockStop():
                assert event.index == open_at
                open_at = -1
            case _:
                pytest.fail(f"{event} has no place here")
    assert open_at == -1


@given(answers)
def test_telling_an_answer_leaves_it_as_it_was(answer: Answer) -> None:
    twin = replace(answer, blocks=[replace(block) for block in answer.blocks])
    replay(answer)
    assert answer == twin
