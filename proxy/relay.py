"""Brings an upstream's answer to the client: untouched in its own dialect, else translated."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import orjson

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.anthropic.digits import exact_answer
from proxy.dialects.assemble import as_stream, assemble
from proxy.dialects.base import Dialect, ProviderDialect
from proxy.dialects.model import Answer, Body, Broken, Request, StreamEvent
from proxy.errors import BrokeOff, Upstream
from proxy.exchange import Exchange
from proxy.flows import Flow, Translated, Untouched
from proxy.headers import answer_headers, downward
from proxy.outlet import Outlet
from proxy.pulse import Pulse
from proxy.replies import JSON_HEADERS, STREAM_HEADERS
from proxy.sending import Opened


@dataclass(slots=True)
class Relay:
    """One answer on its way. `first` is called once, as its first byte is about to leave; `spawn`
    starts a coroutine in the background.
    `answer` is the whole answer in neutral form, where it is kept for the cache."""

    exchange: Exchange
    request: Request
    client: Dialect
    outlet: Outlet
    first: Callable[[], None]
    spawn: Callable[..., object]
    keep: bool = False
    answer: Answer | None = None
    refusal: str = ""  # the upstream's own words, where it refused

    async def run(self, given: Opened) -> None:
        """Relay `given` up to, not including, the end of the client's response.

        Raises Upstream where the answer breaks off or can't be understood.
        """
        self.exchange.status = given.status
        if given.status >= 400:
            self._refusal(given)
        elif given.chunks is not None and (self.request.stream or self._same(given)):
            await self._stream(given)
        elif given.chunks is not None:
            self._tell(await self._collected(given, given.chunks), given)
        else:
            await self._plain(given)

    def _same(self, given: Opened) -> bool:
        return self.client.name == given.dialect.name

    def _refusal(self, given: Opened) -> None:
        """An error in the client's own dialect keeps its wording: clients match on it."""
        body = given.body
        self.refusal = given.dialect.read_error(given.status, body)
        if not self._same(given):
            body = orjson.dumps(self.client.error_body(given.status, self.refusal))
        self.first()
        self.outlet.whole(given.status, self._headers(given, JSON_HEADERS), body)

    async def _plain(self, given: Opened) -> None:
        if not given.body.strip():
            raise Upstream(f"{self._place()} answered {given.status} without a body")
        parsed = _object(given.body)
        if self._same(given):
            self._take_note(parsed, given.dialect)
            self.first()
            return self.outlet.whole(given.status, self._headers(given, JSON_HEADERS), given.body)
        answer = self._read(parsed, given)
        if self.request.stream:
            return await self._as_stream(answer, given)
        return self._tell(answer, given)

    def _tell(self, answer: Answer, given: Opened) -> None:
        body = orjson.dumps(self.client.write_answer(answer, self.request.model, self.request))
        self.first()
        self.outlet.whole(given.status, self._headers(given, JSON_HEADERS), body)

    async def _collected(self, given: Opened, chunks: AsyncIterator[bytes]) -> Answer:
        """What a server that can only stream gave, for a client that asked for no stream."""
        reader, chunk = given.dialect.reader(self.request), given.opening
        events: list[StreamEvent] = []
        try:
            while chunk:
                events += reader.feed(chunk)
                chunk = await asyncio.wait_for(anext(chunks, b""), given.silence)
        except TimeoutError:
            raise Upstream(self._silent(given), 504) from None
        events += reader.close()
        self.answer = assemble(events)
        if self.answer is None:
            broken = (event.message for event in events if isinstance(event, Broken))
            raise Upstream(next(broken, f"{self._place()} gave a stream that makes no answer"))
        self.exchange.usage.merge(self.answer.usage)
        return replace(self.answer, id=self.exchange.id)

    def _silent(self, given: Opened) -> str:
        return f"{self._place()} fell silent for {given.silence:g} s in mid-answer"

    async def _as_stream(self, answer: Answer, given: Opened) -> None:
        """What a server that knows no streams gave, for a client that asked for one."""
        writer = self.client.writer(self.request.model, self.request)
        wire = b"".join(map(writer.write, as_stream(answer)))
        await self.outlet.start(given.status, self._headers(given, STREAM_HEADERS))
        self.first()
        await self.outlet.write(wire)

    def _take_note(self, parsed: Body | None, upstream: ProviderDialect) -> None:
        if parsed is not None:
            self.exchange.usage.merge(upstream.usage(parsed))
            if self.keep:
                self.answer = upstream.read_answer(parsed, self.request)

    def _read(self, parsed: Body | None, given: Opened) -> Answer:
        """The answer under an id of our own."""
        if parsed is None:
            raise Upstream(f"{self._place()} did not answer with a JSON object")
        self.answer = given.dialect.read_answer(parsed, self.request)
        if given.dialect.name == ANTHROPIC.name:
            exact_answer(self.answer, parsed, given.body)
        self.exchange.usage.merge(self.answer.usage)
        return replace(self.answer, id=self.exchange.id)

    async def _stream(self, given: Opened) -> None:
        flow = self._flow(given)
        flow.usage = self.exchange.usage
        await self.outlet.start(given.status, self._headers(given, STREAM_HEADERS))
        self.first()
        try:
            async with Pulse(self.outlet, self.client.name, given.silence, self.spawn) as pulse:
                await self._pump(flow, given, pulse)
        except TimeoutError:
            raise Upstream(self._silent(given), 504) from None
        self.answer = assemble(flow.events) if self.keep else None

    async def _pump(self, flow: Flow, given: Opened, pulse: Pulse) -> None:
        assert given.chunks is not None
        chunk = given.opening
        try:
            while chunk:
                await pulse.write(flow.feed(chunk))
                chunk = await anext(given.chunks, b"")
            await pulse.write(flow.close())
        except (ConnectionResetError, asyncio.CancelledError):
            if not flow.finished:  # Codex leaves as soon as it has heard the end
                raise
        if flow.broken:
            raise BrokeOff(flow.broken)
        if not flow.finished:
            raise Upstream(f"{self._place()} ended its stream before the answer was whole")

    def _flow(self, given: Opened) -> Flow:
        reader = given.dialect.reader(self.request)
        if self._same(given):
            return Untouched(reader, self.keep, self.client.own_doing(self.request))
        writer = self.client.writer(self.request.model, self.request)
        return Translated(reader, writer, self.keep, self.exchange.id)

    def _place(self) -> str:
        return str(self.exchange.decision.target) if self.exchange.decision else "the provider"

    def _headers(self, given: Opened, ours: dict[str, str]) -> dict[str, str]:
        same = self._same(given)
        passed = downward(given.headers.items(), same)
        return ({} if same else ours) | passed | answer_headers(self.exchange)


def _object(body: bytes) -> Body | None:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None
