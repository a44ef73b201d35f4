"""Golden dialogues of the Responses dialect: one file a trap, what comes in and what goes out."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.base import Dialect
from proxy.dialects.model import BlockStart, Broken, Delta, Finish, StreamEvent, ToolCall
from proxy.dialects.openai_chat import OPENAI_CHAT
from proxy.dialects.openai_responses import OPENAI_RESPONSES
from proxy.dialects.quirks import Quirks
from proxy.dialects.table import DIALECTS
from proxy.errors import BadRequest
from tests.proxy.dialects.chat_golden import lines, read_stream
from tests.proxy.dialects.responses_golden import REQUESTS, STREAMS, UPSTREAM, request_of


def golden(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(path.read_bytes())
    return found


def quirks_of(given: dict[str, Any]) -> Quirks:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return Quirks(**fields)


def built(dialect: Dialect, body: dict[str, Any]) -> dict[str, Any]:
    try:
        return dialect.build(OPENAI_RESPONSES.parse(body), "upstream-model")
    except BadRequest as wrong:
        return {"refused": wrong.message}


def test_the_golden_files_are_there():
    assert len(REQUESTS) >= 20 and len(UPSTREAM) >= 17 and len(STREAMS) >= 45


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_responses_request_becomes_the_messages_request_of_the_file(path: Path):
    file = golden(path)
    assert built(ANTHROPIC, file["responses"]) == file["messages"]


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_responses_request_becomes_the_chat_request_of_the_file(path: Path):
    file = golden(path)
    assert built(OPENAI_CHAT, file["responses"]) == file["chat"]


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_responses_request_stays_as_it_is_for_its_own_dialect(path: Path):
    body = golden(path)["responses"]
    before = orjson.dumps(body)
    sent = OPENAI_RESPONSES.build(OPENAI_RESPONSES.parse(body), "upstream-model")
    assert sent == body | {"model": "upstream-model"}
    assert sent["input"] is body["input"]
    assert orjson.dumps(body) == before


@pytest.mark.parametrize("path", UPSTREAM, ids=lambda path: path.stem)
def test_another_dialect_s_request_becomes_the_responses_request_of_the_file(path: Path):
    file = golden(path)
    request, quirks = DIALECTS[file["dialect"]].parse(file["request"]), quirks_of(file["quirks"])
    assert OPENAI_RESPONSES.build(request, "upstream-model", quirks) == file["responses"]
    assert OPENAI_RESPONSES.dropped(request, quirks) == file["dropped"]


def meant(wire: bytes, cuts: list[int]) -> str:
    reader = OPENAI_RESPONSES.reader()
    edges = zip([0, *cuts], [*cuts, len(wire)], strict=True)
    events = [event for start, end in edges for event in reader.feed(wire[start:end])]
    return "\n".join(lines(events + reader.close()))


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_responses_stream_means_the_events_of_the_file(path: Path):
    wire, expected = read_stream(path)
    assert meant(wire, []) == "\n".join(expected)


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_responses_stream_means_the_same_byte_by_byte(path: Path):
    wire, expected = read_stream(path)
    assert meant(wire, list(range(1, len(wire)))) == "\n".join(expected)


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("client", ["anthropic", "openai_chat"])
def test_a_responses_stream_reaches_another_client_with_the_same_meaning(client: str, path: Path):
    """Less what only OpenAI can read: sealed reasoning."""
    wire, _ = read_stream(path)
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    dialect = DIALECTS[client]
    request = dialect.parse(body | {"stream_options": {"include_usage": True}})
    reader = OPENAI_RESPONSES.reader(request)
    events = reader.feed(wire) + reader.close()
    writer, again = dialect.writer("upstream-model", request), dialect.reader()
    sent = b"".join(writer.write(event) for event in events)
    assert b"c2VhbGVk" not in sent
    assert _told(again.feed(sent) + again.close()) == _told(events)


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_responses_stream_written_and_read_again_means_the_same(path: Path):
    wire, _ = read_stream(path)
    reader, again = OPENAI_RESPONSES.reader(), OPENAI_RESPONSES.reader()
    events = reader.feed(wire) + reader.close()
    tools: list[dict[str, Any]] = [{"type": "custom", "name": "patch"}]
    tools += [{"type": "namespace", "name": "clock", "tools": [_function("wait")]}]
    writer = OPENAI_RESPONSES.writer("upstream-model", request_of(tools=tools))
    sent = b"".join(writer.write(event) for event in events)
    assert _told(again.feed(sent) + again.close()) == _told(events)


def _function(name: str) -> dict[str, Any]:
    return {"type": "function", "name": name}


def _told(events: list[StreamEvent]) -> str:
    """What a client hears: thoughts, words, calls and why it ended; not where blocks begin."""
    return "".join(_word(event) for event in events)


def _word(event: StreamEvent) -> str:
    match event:
        case BlockStart(block=ToolCall(call_id, name)):
            return f"\n{call_id} {name} "
        case Delta(kind="text" | "thinking" | "arguments"):
            return "" if event.text == "{}" else event.text  # as good as no arguments
        case Finish():
            return f"\n{event.stop}"
        case Broken():
            return f"\n{event.type} {event.message}"
    return ""
