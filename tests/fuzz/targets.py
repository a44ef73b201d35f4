"""What is fuzzed: each target takes any bytes, and raises where a promise is broken.

The first bytes choose dialects and cuts, the rest is what someone sent.
"""

import asyncio
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import orjson
from msgspec.json import encode

from app.house import house_of
from proxy.answer.collect import from_body, json_object
from proxy.answer.flows import Flow, Translated, Untouched
from proxy.answer.held import HeldTranslated, HeldUntouched
from proxy.clients.reading import read
from proxy.clients.seen_tools import SeenTools
from proxy.config.edit import ConfigFile
from proxy.control.explain import explain
from proxy.dialects.assemble import as_stream, assemble
from proxy.dialects.base import Dialect
from proxy.dialects.model import Broken, End, Request
from proxy.dialects.splice import splice
from proxy.dialects.sse import SseReader, WholeEvents
from proxy.dialects.table import DIALECTS, UPSTREAM_DIALECTS
from proxy.errors import ProxyError
from proxy.exchange import Exchange
from proxy.house import House
from proxy.paths import DataFiles
from proxy.sending.sending import Opened
from proxy.unforeseen import told
from tests.fuzz.seeds import CLIENTS, PROVIDERS

TIERS: Final = ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")
CONFIG: Final = """
[providers.a]
kind = "anthropic_compatible"
base_url = "http://127.0.0.1:9"
[providers.c]
kind = "openai_compatible"
base_url = "http://127.0.0.1:9"
[providers.r]
kind = "openai_responses_compatible"
base_url = "http://127.0.0.1:9"
[providers.b]
kind = "bedrock"
region = "us-east-1"
[tiers]
SIMPLE = "a/small"
MEDIUM = "c/middle"
COMPLEX = "r/large"
REASONING = "b/deep"
[compression]
level = "balanced"
[cache]
semantic = false
"""
_TOOL: Final = {"name": "Read", "input_schema": {"type": "object", "properties": {"path": {}}}}
_ASKED: Final[dict[str, dict[str, Any]]] = {
    "anthropic": {"model": "m", "max_tokens": 9, "stream": True, "tools": [_TOOL]},
    "openai_chat": {
        "model": "m",
        "stream": True,
        "tools": [{"type": "function", "function": _TOOL}],
    },
    "openai_responses": {"model": "m", "stream": True, "tools": [{"type": "function", **_TOOL}]},
}


def body(data: bytes) -> None:
    """A client's request: refused with a 4xx, or made into a call that is JSON."""
    first, second, raw = data[0], data[1], data[3:]
    dialect, tier = CLIENTS[first % len(CLIENTS)], TIERS[second % len(TIERS)]
    exchange = Exchange(raw, dialect, {"x-lynkr-tier": tier}, DIALECTS[dialect].path)
    loop, house = visited()
    try:
        said = loop.run_until_complete(explain(exchange, house))
    except Exception as error:
        refused = error if isinstance(error, ProxyError) else told(error, "a body")
        if refused.status >= 500:
            raise
        assert orjson.dumps(DIALECTS[dialect].error_body(refused.status, refused.message))
        return
    assert encode(said)
    asked = orjson.loads(raw)
    assert isinstance(said["request"], dict) and isinstance(asked, dict), dialect
    _short_cuts_lead_there(raw, asked)


def _short_cuts_lead_there(raw: bytes, asked: dict[str, Any]) -> None:
    """Reading around tools that came before, and splicing by what was read, change nothing."""
    seen = SeenTools(smallest=1)
    for again in (raw, raw, raw + b" ", raw.strip()):
        assert seen.loads(again) == asked
    long = raw.rstrip()[:-1] + b',"long":"%b"}' % (b"x" * 2_000)
    changes: dict[str, bytes | None] = {"model": b'"x"', "tools": b"[]", "messages": b'["y"]'}
    made = {key: orjson.loads(value) for key, value in changes.items() if value}
    for body, parsed in ((raw, asked), (long, orjson.loads(long))):
        assert orjson.loads(splice(body, changes, parsed)) == parsed | made
        assert splice(body, changes, parsed) == splice(body, changes)


def answer(data: bytes) -> None:
    """A provider's whole answer: told in the client's dialect, whole or as a stream, or refused."""
    provider, client, raw = _chosen(data)
    request = _request(client)
    UPSTREAM_DIALECTS[provider].read_error(500, raw)
    opened = Opened(cast(Any, None), UPSTREAM_DIALECTS[provider], 1.0, body=raw)
    try:
        found = from_body(json_object(raw), opened, request, "somewhere")
        told = DIALECTS[client].write_answer(found, "m", request)
    except ProxyError:
        return
    assert json_object(orjson.dumps(told))
    UPSTREAM_DIALECTS[provider].usage(json_object(raw) or {})
    speaks = DIALECTS[client]
    writer = speaks.writer("m", request)
    _ends_once(speaks, request, b"".join(map(writer.write, as_stream(found))))


def stream(data: bytes) -> None:
    """A provider's stream, cut anywhere: a client's ends once, well or with an error."""
    provider, client, wire = _chosen(data)
    request, reader = _request(client), UPSTREAM_DIALECTS[provider].reader
    speaks = DIALECTS[client]
    flows: list[Flow] = [
        Translated(reader(request), speaks.writer("m", request), True, "id"),
        HeldTranslated(reader(request), speaks.writer("m", request), "id"),
    ]
    own = speaks.own_doing(request)
    if provider == client:
        flows.append(Untouched(reader(request), True, own))
        flows.append(HeldUntouched(reader(request), own, speaks.writer("m", request)))
    for flow in flows:
        told = _through(flow, wire, data[2])
        if isinstance(flow, Translated):
            _ends_once(speaks, request, told)


def _through(flow: Flow, wire: bytes, size: int) -> bytes:
    """All that a client gets, where what was held is let go in the end."""
    out = [flow.feed(chunk) for chunk in _pieces(wire, size)]
    out.append(flow.close())
    if isinstance(flow, HeldUntouched | HeldTranslated) and flow.holding:
        whole = assemble(flow.events) if flow.finished else None
        flow.holding = False
        out.append(flow.release() if whole is None else flow.retell(whole))
    return b"".join(out)


def sse(data: bytes) -> None:
    """Events of any bytes are the same however they are cut, and none is cut on its way."""
    wire, whole, pieces = data[3:], SseReader(), SseReader()
    at_once = [*whole.feed(wire), *whole.close()]
    bit_by_bit = [event for chunk in _pieces(wire, data[2]) for event in pieces.feed(chunk)]
    assert at_once == [*bit_by_bit, *pieces.close()]
    passing = WholeEvents()
    passed = b"".join(passing.feed(chunk) for chunk in _pieces(wire, data[2]))
    assert passed + passing.rest() == wire
    assert not passed or passed.endswith((b"\n\n", b"\r\n\r\n", b"\r\r"))


def _unless_too_deep(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """What no JSON writer takes is refused as the provider's fault."""

    def run(data: bytes) -> None:
        try:
            target(data)
        except Exception as error:
            if told(error, "an answer", answered=True).status != 502:
                raise

    return run


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "body": body,
    "answer": _unless_too_deep(answer),
    "stream": _unless_too_deep(stream),
    "sse": sse,
}


def run(name: str, data: bytes) -> None:
    """A target on any bytes, too few as well."""
    TARGETS[name](data.ljust(3, b"\x00"))


def _chosen(data: bytes) -> tuple[str, str, bytes]:
    return PROVIDERS[data[0] % len(PROVIDERS)], CLIENTS[data[1] % len(CLIENTS)], data[3:]


def _pieces(wire: bytes, size: int) -> list[bytes]:
    return [wire[at : at + size + 1] for at in range(0, len(wire), size + 1)]


def _ends_once(client: Dialect, request: Request, told: bytes) -> None:
    reader = client.reader(request)
    events = [*reader.feed(told), *reader.close()]
    ends = [event for event in events if isinstance(event, End | Broken)]
    assert len(ends) == 1 and events[-1] is ends[0], told[-300:]


@cache
def _request(client: str) -> Request:
    said = [{"role": "user", "content": "hello"}]
    words = {"input": said} if client == "openai_responses" else {"messages": said}
    return read(orjson.dumps({**_ASKED[client], **words}), DIALECTS[client])


@cache
def visited() -> tuple[asyncio.AbstractEventLoop, House]:
    """A house that nothing runs in, and a loop to visit it; for as long as the process lives."""
    folder = Path(tempfile.mkdtemp())
    (folder / "config.toml").write_text(CONFIG)
    file, data = ConfigFile(folder / "config.toml"), DataFiles(folder / "data")
    return asyncio.new_event_loop(), house_of(file, data, cast(Any, None))
