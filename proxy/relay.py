"""Brings an upstream's answer to the client: untouched in its own dialect, else translated."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import orjson

from proxy.dialects.assemble import assemble
from proxy.dialects.base import Dialect
from proxy.dialects.model import Answer, Body, Request
from proxy.errors import Upstream
from proxy.exchange import Exchange
from proxy.flows import Flow, Translated, Untouched
from proxy.headers import answer_headers, downward
from proxy.outlet import Outlet
from proxy.providers.base import Reply
from proxy.replies import JSON_HEADERS, STREAM_HEADERS


@dataclass(slots=True)
class Relay:
    """One answer on its way. `first` is called once, as its first byte is about to leave.
    `answer` is the whole answer in neutral form, where it is kept for the cache."""

    exchange: Exchange
    request: Request
    client: Dialect
    upstream: Dialect
    outlet: Outlet
    first: Callable[[], None]
    keep: bool = False
    answer: Answer | None = None
    refusal: str = ""  # the upstream's own words, where it refused

    async def run(self, reply: Reply) -> None:
        """Relay `reply` up to, not including, the end of the client's response.

        Raises Upstream where the answer breaks off or can't be understood.
        """
        self.exchange.status = reply.status
        if reply.status >= 400:
            await self._refusal(reply)
        elif "event-stream" in reply.headers.get("content-type", ""):
            await self._stream(reply)
        else:
            await self._plain(reply)

    @property
    def _same(self) -> bool:
        return self.client.name == self.upstream.name

    async def _refusal(self, reply: Reply) -> None:
        """An error in the client's own dialect keeps its wording: clients match on it."""
        body = await reply.read()
        self.refusal = self.upstream.read_error(reply.status, body)
        if not self._same:
            body = orjson.dumps(self.client.error_body(reply.status, self.refusal))
        self.first()
        self.outlet.whole(reply.status, self._headers(reply, JSON_HEADERS), body)

    async def _plain(self, reply: Reply) -> None:
        body = await reply.read()
        parsed = _object(body)
        if self._same:
            self._take_note(parsed)
        else:
            body = self._translate(parsed)
        self.first()
        self.outlet.whole(reply.status, self._headers(reply, JSON_HEADERS), body)

    def _take_note(self, parsed: Body | None) -> None:
        if parsed is not None:
            self.exchange.usage.merge(self.upstream.usage(parsed))
            if self.keep:
                self.answer = self.upstream.read_answer(parsed, self.request)

    def _translate(self, parsed: Body | None) -> bytes:
        if parsed is None:
            raise Upstream(f"{self._place()} did not answer with a JSON object")
        self.answer = self.upstream.read_answer(parsed, self.request)
        self.exchange.usage.merge(self.answer.usage)
        shown = replace(self.answer, id=self.exchange.id)
        return orjson.dumps(self.client.write_answer(shown, self.request.model, self.request))

    async def _stream(self, reply: Reply) -> None:
        flow = self._flow()
        flow.usage = self.exchange.usage
        chunks = reply.chunks()
        opening = await anext(chunks, b"")
        await self.outlet.start(reply.status, self._headers(reply, STREAM_HEADERS))
        self.first()
        await self._pump(flow, opening, chunks)
        self.answer = assemble(flow.events) if self.keep else None

    async def _pump(self, flow: Flow, chunk: bytes, chunks: AsyncIterator[bytes]) -> None:
        while chunk:
            await self.outlet.write(flow.feed(chunk))
            chunk = await anext(chunks, b"")
        await self.outlet.write(flow.close())
        if flow.broken:
            raise Upstream(flow.broken)
        if not flow.finished:
            raise Upstream(f"{self._place()} ended its stream before the answer was whole")

    def _flow(self) -> Flow:
        if self._same:
            return Untouched(self.upstream.reader(self.request), self.keep)
        writer = self.client.writer(self.request.model, self.request)
        return Translated(self.upstream.reader(self.request), writer, self.keep, self.exchange.id)

    def _place(self) -> str:
        return str(self.exchange.decision.target) if self.exchange.decision else "the provider"

    def _headers(self, reply: Reply, ours: dict[str, str]) -> dict[str, str]:
        passed = downward(reply.headers.items(), self._same)
        return (ours if not self._same else {}) | passed | answer_headers(self.exchange)


def _object(body: bytes) -> Body | None:
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None
