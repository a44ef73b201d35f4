"""An upstream's answer put together, however it came: in one piece or as a stream."""

import asyncio
from collections.abc import AsyncIterator

import orjson

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.anthropic.digits import exact_answer
from proxy.dialects.assemble import assemble
from proxy.dialects.model import Answer, Body, Broken, Request, StreamEvent
from proxy.errors import Upstream
from proxy.secrets import hidden
from proxy.sending.sending import Opened


async def collected(given: Opened, request: Request, place: str) -> Answer:
    """The whole answer. Raises Upstream, naming `place`, where there is none to be had."""
    if given.status >= 400:
        raise Upstream(
            f"{place}: {given.status} {given.dialect.read_error(given.status, given.body)}"
        )
    if given.chunks is not None:
        return await from_stream(given, given.chunks, request, place)
    return from_body(json_object(given.body), given, request, place)


def from_body(parsed: Body | None, given: Opened, request: Request, place: str) -> Answer:
    """The answer that came in one piece."""
    if parsed is None:
        raise Upstream(f"{place} did not answer with a JSON object")
    answer = given.dialect.read_answer(parsed, request)
    if given.dialect.name == ANTHROPIC.name:
        exact_answer(answer, parsed, given.body)
    return answer


async def from_stream(
    given: Opened, chunks: AsyncIterator[bytes], request: Request, place: str
) -> Answer:
    """The answer of a stream, read to its end."""
    reader, chunk = given.dialect.reader(request), given.opening
    events: list[StreamEvent] = []
    try:
        while chunk:
            events += reader.feed(chunk)
            chunk = await asyncio.wait_for(anext(chunks, b""), given.silence)
    except TimeoutError:
        raise Upstream(silent(given, place), 504) from None
    events += reader.close()
    answer = assemble(events)
    if answer is None:
        broken = (hidden(event.message) for event in events if isinstance(event, Broken))
        raise Upstream(next(broken, f"{place} gave a stream that makes no answer"))
    return answer


def silent(given: Opened, place: str) -> str:
    """What is said of a provider whose stream stopped without an end."""
    return f"{place} fell silent for {given.silence:g} s in mid-answer"


def json_object(body: bytes) -> Body | None:
    """The object that `body` holds; None where it holds none."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None
