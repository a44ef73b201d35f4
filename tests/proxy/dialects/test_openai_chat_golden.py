"""Golden dialogues: one file a trap, what comes in and what must go out."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.quirks import Quirks
from tests.proxy.dialects.chat_golden import REQUESTS, STREAMS, lines, read_stream


def quirks_of(given: dict[str, Any]) -> Quirks:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return Quirks(**fields)


def test_the_golden_files_are_there():
    assert len(REQUESTS) > 20 and len(STREAMS) > 40


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_messages_request_becomes_the_chat_request_of_the_file(path: Path):
    golden = orjson.loads(path.read_bytes())
    quirks = quirks_of(golden["quirks"])
    request = ANTHROPIC.parse(golden["messages"])

    assert OPENAI_CHAT.build(request, "upstream-model", quirks) == golden["chat"]
    assert OPENAI_CHAT.dropped(request, quirks) == golden["dropped"]


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_building_leaves_the_client_s_body_as_it_was(path: Path):
    golden = orjson.loads(path.read_bytes())
    request = ANTHROPIC.parse(golden["messages"])
    before = orjson.dumps(request.body)

    OPENAI_CHAT.build(request, "upstream-model", quirks_of(golden["quirks"]))

    assert orjson.dumps(request.body) == before


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_chat_stream_means_the_events_of_the_file(path: Path):
    wire, expected = read_stream(path)
    reader = OPENAI_CHAT.reader()
    assert lines(reader.feed(wire) + reader.close()) == expected


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_chat_stream_means_the_same_byte_by_byte(path: Path):
    wire, expected = read_stream(path)
    reader = OPENAI_CHAT.reader()
    events = [event for at in range(len(wire)) for event in reader.feed(wire[at : at + 1])]
    assert lines(events + reader.close()) == expected


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_chat_stream_reaches_a_messages_client_with_the_same_meaning(path: Path):
    wire, expected = read_stream(path)
    reader, writer = OPENAI_CHAT.reader(), ANTHROPIC.writer("upstream-model")
    events = reader.feed(wire) + reader.close()
    written = b"".join(writer.write(event) for event in events)

    again = ANTHROPIC.reader()
    found = lines(again.feed(written) + again.close())

    assert b"[DONE]" not in written
    assert [line for line in found if not line.startswith("finish")] == [
        line for line in expected if not line.startswith("finish")
    ]
    assert _stops(found) == _stops(expected)


def _stops(found: list[str]) -> list[str]:
    return [line.split()[1] for line in found if line.startswith("finish")]
