"""Brings an upstream's answer to the client: untouched in its own dialect, else translated."""

import asyncio
from collections.abc import Callable

import orjson
from msgspec import Struct
from msgspec.structs import replace

from proxy.answer.collect import from_body, from_stream, json_object, silent
from proxy.answer.flows import Flow, Translated, Untouched
from proxy.answer.held import Held, HeldTranslated, HeldUntouched
from proxy.answer.hops import Hops
from proxy.answer.pulse import Pulse
from proxy.clients.outlet import Outlet
from proxy.clients.replies import JSON_HEADERS, STREAM_HEADERS
from proxy.dialects.assemble import as_stream, assemble
from proxy.dialects.base import Dialect
from proxy.dialects.model import Answer, Request
from proxy.errors import BrokeOff, Upstream
from proxy.exchange import Exchange
from proxy.secrets import hidden, hidden_in
from proxy.sending.headers import answer_headers, downward
from proxy.sending.sending import Opened


class Relay(Struct):
    """One answer on its way. `first` is called once, as its first byte is about to leave; `spawn`
    starts a coroutine in the background.
    `answer` is the whole answer in neutral form, where it is kept for the cache."""

    exchange: Exchange
    request: Request
    client: Dialect
    outlet: Outlet
    first: Callable[[], None]
    spawn: Callable[..., object]
    hops: Hops
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
        elif given.chunks is not None and self.request.stream:
            await self._stream(given)
        elif given.chunks is not None:
            answer = await from_stream(given, given.chunks, self.request, self._place())
            self._tell(await self._settled(answer), given)
        else:
            await self._plain(given)

    def _same(self, given: Opened) -> bool:
        return self.client.name == given.dialect.name

    def _refusal(self, given: Opened) -> None:
        """An error in the client's own dialect keeps its wording: clients match on it."""
        body = given.body
        self.refusal = given.dialect.read_error(given.status, body)
        if not self._same(given) or json_object(body) is None:  # a page of some gateway's
            body = orjson.dumps(self.client.error_body(given.status, self.refusal))
        self.first()
        self.outlet.whole(given.status, self._headers(given, JSON_HEADERS), body)

    async def _plain(self, given: Opened) -> None:
        if not given.body.strip():
            raise Upstream(f"{self._place()} answered {given.status} without a body")
        parsed = json_object(given.body)
        as_is = self._same(given) and not self.request.stream
        if parsed is not None and as_is and not (parsed and (self.hops or self.keep)):
            self.exchange.usage.merge(given.dialect.usage(parsed))
            return self._verbatim(given)
        answer = from_body(parsed, given, self.request, self._place())
        settled = await self._settled(answer)
        if as_is and settled is answer:
            return self._verbatim(given)
        if self.request.stream:
            return await self._as_stream(settled, given)
        return self._tell(settled, given)

    def _verbatim(self, given: Opened) -> None:
        self.first()
        self.outlet.whole(given.status, self._headers(given, JSON_HEADERS), given.body)

    async def _settled(self, answer: Answer) -> Answer:
        """What the client is to have of it."""
        self.exchange.usage.merge(answer.usage)
        self.answer = await self.hops.settle(answer) if self.hops else answer
        return self.answer

    def _tell(self, answer: Answer, given: Opened) -> None:
        answer = replace(answer, id=self.exchange.id)
        body = orjson.dumps(self.client.write_answer(answer, self.request.model, self.request))
        self.first()
        self.outlet.whole(given.status, self._headers(given, JSON_HEADERS), body)

    async def _as_stream(self, answer: Answer, given: Opened) -> None:
        """What a server that knows no streams gave, for a client that asked for one."""
        writer = self.client.writer(self.request.model, self.request)
        wire = b"".join(map(writer.write, as_stream(replace(answer, id=self.exchange.id))))
        await self.outlet.start(given.status, self._headers(given, STREAM_HEADERS))
        self.first()
        await self.outlet.write(wire)

    async def _stream(self, given: Opened) -> None:
        flow = self._flow(given)
        flow.usage = self.exchange.usage
        await self.outlet.start(given.status, self._headers(given, STREAM_HEADERS))
        try:
            async with Pulse(self.outlet, self.client.name, given.silence, self.spawn) as pulse:
                await self._pump(flow, given, pulse)
        except TimeoutError:
            raise Upstream(silent(given, self._place()), 504) from None
        if self.keep and self.answer is None:
            self.answer = assemble(flow.events)

    async def _pump(self, flow: Flow, given: Opened, pulse: Pulse) -> None:
        assert given.chunks is not None
        try:
            await pulse.write(_safe(flow, flow.feed(given.opening)))
            self.first()
            async for chunk in given.chunks:
                await pulse.write(_safe(flow, flow.feed(chunk)))
            await pulse.write(_safe(flow, flow.close()))
            if isinstance(flow, HELD) and flow.holding:
                pulse.all_heard()
                await pulse.write(_safe(flow, await self._rest(flow)))
        except (ConnectionResetError, asyncio.CancelledError):
            if not flow.finished or (isinstance(flow, HELD) and flow.holding):
                raise  # Codex leaves as soon as it has heard the end; others leave before
        if flow.broken:
            raise BrokeOff(hidden(flow.broken))
        if not flow.finished:
            raise Upstream(f"{self._place()} ended its stream before the answer was whole")

    async def _rest(self, flow: Held) -> bytes:
        """What was held, once it was looked at."""
        answer = assemble(flow.events) if flow.finished else None
        settled = answer if answer is None else await self.hops.settle(answer)
        self.answer, flow.holding = settled, False
        return flow.release() if settled is None or settled is answer else flow.retell(settled)

    def _flow(self, given: Opened) -> Flow:
        reader = given.dialect.reader(self.request)
        own = self.client.own_doing(self.request)
        if self._same(given) and not self.hops:
            return Untouched(reader, self.keep, own)
        writer = self.client.writer(self.request.model, self.request)
        if self._same(given):
            return HeldUntouched(reader, own, writer)
        if self.hops:
            return HeldTranslated(reader, writer, self.exchange.id)
        return Translated(reader, writer, self.keep, self.exchange.id)

    def _place(self) -> str:
        return str(self.exchange.decision.target) if self.exchange.decision else "the provider"

    def _headers(self, given: Opened, ours: dict[str, str]) -> dict[str, str]:
        """The upstream's own, in its own dialect; a content type only if it is that of the body."""
        passed = downward(given.headers.items(), self._same(given))
        kind = given.headers.get("content-type", "")
        if not self._same(given) or ours["Content-Type"].partition(";")[0] not in kind:
            named = {name.lower() for name in ours}
            passed = ours | {k: value for k, value in passed.items() if k.lower() not in named}
        return passed | answer_headers(self.exchange)


def _safe(flow: Flow, wire: bytes) -> bytes:
    """An upstream's own error may repeat what it was sent."""
    return hidden_in(wire) if flow.broken else wire


HELD = (HeldUntouched, HeldTranslated)
