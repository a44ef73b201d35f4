"""Event streams come apart the same way however their bytes are cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.dialects.sse import SseReader, WholeEvents, encode


def read(*chunks: bytes) -> list[tuple[str, bytes]]:
    reader = SseReader()
    events = [event for chunk in chunks for event in reader.feed(chunk)]
    return events + reader.close()


@pytest.mark.parametrize(
    "wire",
    [
        b"event: a\ndata: 1\n\ndata: 2\n\n",
        b"event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n",
        b"event: a\rdata: 1\r\rdata: 2\r\r",
        b"event:a\ndata:1\n\ndata:2\n\n",
        b"\xef\xbb\xbfevent: a\ndata: 1\n\ndata: 2\n\n",
        b": a comment\nid: 7\nretry: 5\nevent: a\ndata: 1\n\n:\n\ndata: 2\n\n",
        b"event: a\ndata: 1\n\ndata: 2",
        b"\n\nevent: a\ndata: 1\n\n\n\ndata: 2\n",
    ],
)
def test_every_spelling_of_two_events_reads_the_same(wire: bytes) -> None:
    assert read(wire) == [("a", b"1"), ("", b"2")]
    assert read(*(wire[i : i + 1] for i in range(len(wire)))) == [("a", b"1"), ("", b"2")]


def test_several_data_lines_are_one_text() -> None:
    assert read(b"data: one\ndata\ndata:  two\n\n") == [("", b"one\n\n two")]


def test_an_event_without_data_is_none() -> None:
    assert read(b"event: ping\n\ndata: 1\n\n") == [("", b"1")]


def test_a_letter_split_between_chunks_arrives_whole() -> None:
    wire = "data: grüße 🙂\n\n".encode()
    for cut in range(len(wire)):
        assert read(wire[:cut], wire[cut:]) == [("", "grüße 🙂".encode())]


def test_inside_tells_whether_an_event_is_open() -> None:
    reader = SseReader()
    assert not reader.inside
    reader.feed(b"data: 1")
    assert reader.inside
    reader.feed(b"\n")
    assert reader.inside
    reader.feed(b"\n")
    assert not reader.inside


PAYLOAD = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])).map(str.encode)
EVENTS = st.lists(st.tuples(st.sampled_from(["", "ping", "message_start"]), PAYLOAD))


@given(EVENTS, st.sampled_from([b"\n", b"\r\n", b"\r"]), st.data())
def test_what_is_encoded_reads_back_under_any_cut(events, end: bytes, data) -> None:
    wire = b"".join(encode(*event) for event in events).replace(b"\n", end)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)))))
    pieces = [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    assert read(*pieces) == events


@given(EVENTS, PAYLOAD, st.sampled_from([b"\n", b"\r\n", b"\r"]), st.data())
def test_only_whole_events_go_on_under_any_cut(events, half: bytes, end: bytes, data) -> None:
    whole = b"".join(encode(*event) for event in events).replace(b"\n", end)
    wire = whole + b"data: " + half
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)))))
    pieces = [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    passing, reader = WholeEvents(), SseReader()
    for piece in pieces:
        reader.feed(passed := passing.feed(piece))
        assert not reader.inside
        whole = whole.removeprefix(passed)
    assert whole == b""
    assert passing.rest() == b"data: " + half


def test_a_giant_event_in_small_pieces_takes_linear_time() -> None:
    wire = encode("", b"x" * 8_000_000)
    reader, began = SseReader(), time.thread_time()
    found = [e for at in range(0, len(wire), 1000) for e in reader.feed(wire[at : at + 1000])]
    assert len(found[0][1]) == 8_000_000
    assert time.thread_time() - began < 5, "8 MB in 8,000 pieces: a rescan would take minutes"


def test_a_giant_event_is_held_back_in_linear_time() -> None:
    passing, pieces = WholeEvents(), 200_000
    began = time.thread_time()
    assert not any(passing.feed(b"data") for _ in range(pieces))
    assert time.thread_time() - began < 5
    assert len(passing.feed(b"\n\n")) == pieces * 4 + 2
