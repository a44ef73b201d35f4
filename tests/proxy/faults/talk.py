"""A client in each dialect: what it asks, and whether what it gets is an answer or an error."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from proxy.clients.reading import read
from proxy.dialects.model import Broken, End
from proxy.dialects.table import DIALECTS
from proxy.server import Server
from tests.proxy.test_server import post

WORDS: Final = "Why is the sky blue?"
_SAID: Final = [{"role": "user", "content": WORDS}]
ASKED: Final[dict[str, dict[str, Any]]] = {
    "anthropic": {"model": "claude-sonnet-4-5", "max_tokens": 100, "messages": _SAID},
    "openai_chat": {"model": "gpt-5", "messages": _SAID},
    "openai_responses": {"model": "gpt-5", "input": WORDS},
}


@dataclass(frozen=True, slots=True)
class Got:
    """What a client heard: `whole` if it is a proper answer to its end, else what `error` says."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool
    error: str = ""


async def ask(server: Server, dialect: str, streamed: bool, **headers: str) -> Got:
    """One exchange, read as the client's SDK would; AssertionError for what no SDK understands."""
    body = {**ASKED[dialect], "stream": streamed}
    status, said_of_it, said = await post(server.url + DIALECTS[dialect].path, body, **headers)
    return heard(dialect, streamed, status, said_of_it, said)


def heard(
    dialect: str, streamed: bool, status: int, headers: Mapping[str, str], said: bytes
) -> Got:
    """What an answer comes to; AssertionError for what no SDK understands."""
    if status == 200 and streamed:
        assert headers["content-type"].startswith("text/event-stream"), headers
        return Got(status, headers, said, *_streamed(dialect, said))
    parsed = orjson.loads(said)
    if status != 200:
        words = DIALECTS[dialect].read_error(status, said)
        assert isinstance(parsed["error"], dict) and words, said
        return Got(status, headers, said, False, words)
    return Got(status, headers, said, True)


def _streamed(dialect: str, said: bytes) -> tuple[bool, str]:
    """Whether a stream ends as it should, and the error in it. It ends once, one way or other."""
    speaks = DIALECTS[dialect]
    reader = speaks.reader(read(orjson.dumps(ASKED[dialect]), speaks))
    events = [*reader.feed(said), *reader.close()]
    ends = [event for event in events if isinstance(event, End | Broken)]
    assert len(ends) == 1, said[-400:]
    last = ends[0]
    return isinstance(last, End), last.message if isinstance(last, Broken) else ""
