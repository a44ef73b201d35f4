"""The way of a request: the stages in order, and the one place where an exchange ends."""

import asyncio
import logging
import time
from contextlib import suppress

import orjson
from msgspec.structs import replace

from proxy.answer.hops import Hops
from proxy.answer.inspectors import inspectors
from proxy.answer.relay import Relay
from proxy.cache.look_up import look_up
from proxy.clients.outlet import Outlet
from proxy.clients.replies import JSON_HEADERS, STREAM_HEADERS
from proxy.dialects.assemble import replay, unbilled
from proxy.dialects.model import Answer, Request
from proxy.dialects.table import DIALECTS
from proxy.errors import BrokeOff, ProxyError, Upstream
from proxy.events import Failed, FirstToken
from proxy.exchange import Exchange
from proxy.house import House
from proxy.money.books import Books
from proxy.routing.economy import Economy
from proxy.secrets import hidden
from proxy.sending.headers import answer_headers
from proxy.sending.sending import Sending
from proxy.stages import receive, remember, route
from proxy.unforeseen import told

log = logging.getLogger(__name__)

CLIENT_LEFT = 499


class Pipeline:
    """Answers exchanges on one House; however one ends, that is told once: Completed or Failed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._books = Books(house)

    async def run(self, exchange: Exchange, outlet: Outlet) -> None:
        """Take one exchange from its bytes to the end of its answer."""
        try:
            await self._answer(exchange, outlet)
        except ProxyError as error:
            await self._refuse(exchange, outlet, error)
        except ConnectionResetError:
            self._failed(exchange, CLIENT_LEFT, "the client left")
        except asyncio.CancelledError:
            if not self._house.closing:
                self._failed(exchange, CLIENT_LEFT, "the client left")
                raise
            await self._refuse(exchange, outlet, ProxyError("lynkr-tui is shutting down", 503))
        except Exception as error:
            failure = told(error, f"exchange {exchange.id}", answered=bool(exchange.status))
            await self._refuse(exchange, outlet, failure)

    async def _answer(self, exchange: Exchange, outlet: Outlet) -> None:
        house, tell = self._house, self._house.bus.publish
        request = receive(exchange, tell)
        await remember(exchange, house)
        route(exchange, request, house, tell)
        cached = await look_up(exchange, request, house, tell)
        if cached is not None:
            await self._hit(exchange, request, cached, outlet)
        else:
            if self._house.approvals.on and exchange.replay is None:
                await self._approved(exchange, request)
            await self._send(exchange, request, outlet)
        if exchange.status < 400:
            await self._close(exchange)
        await outlet.end()

    async def _close(self, exchange: Exchange) -> None:
        """Close the books, even if the client has left by then: it heard all of its answer."""
        if self._books.close_now(exchange):
            return
        closing = self._house.tasks.spawn(self._books.settle(exchange), "books")
        with suppress(asyncio.CancelledError):
            await asyncio.shield(closing)

    async def _approved(self, exchange: Exchange, request: Request) -> None:
        """Where a person wants to be asked first. Raises Refused."""
        house = self._house
        economy = Economy(house.prices, house.providers)
        asked = house.config.approval
        await house.approvals.let_pass(exchange, request, asked, economy, house.bus.publish)

    async def _send(self, exchange: Exchange, request: Request, outlet: Outlet) -> None:
        house = self._house
        sending = Sending(house, exchange, request, self._books.going)
        given = await sending.run()
        cacheable = exchange.cache.state == "miss" and not sending.fell_back
        relay = Relay(
            exchange,
            request,
            client=DIALECTS[exchange.dialect],
            outlet=outlet,
            first=lambda: self._first(exchange),
            spawn=house.tasks.spawn,
            hops=Hops(house, exchange, request, inspectors(house, exchange, request)),
            keep=cacheable or house.config.ledger.keep_text,
        )
        try:
            await relay.run(given)
        except Upstream as error:
            house.breakers.failed(sending.target.provider, error.message)
            raise
        finally:
            given.reply.close()
        if exchange.status >= 400:
            self._failed(exchange, exchange.status, relay.refusal)
        elif relay.keep and relay.answer is not None:
            if cacheable and not exchange.hops:
                asyncio.get_running_loop().call_soon(self._cache, exchange, relay.answer)
            self._keep(exchange, request, relay.answer)

    def _cache(self, exchange: Exchange, answer: Answer) -> None:
        """Keep an answer for the next that asks the same; what takes a while is done beside."""
        house, question, looked = self._house, exchange.question, exchange.looked
        if exchange.cache_key:
            house.cache.put(exchange.cache_key, answer)
        if house.semantic is not None and question is not None and looked is not None:
            house.tasks.spawn(house.semantic.settle(question, looked, answer), "semantic cache")

    async def _hit(
        self, exchange: Exchange, request: Request, answer: Answer, outlet: Outlet
    ) -> None:
        """A cached answer in the client's dialect, streamed where it asked for a stream."""
        dialect = DIALECTS[exchange.dialect]
        exchange.spared = answer.usage
        answer = replace(unbilled(answer), id=exchange.id)
        exchange.usage = answer.usage
        exchange.status = 200
        self._first(exchange)
        self._keep(exchange, request, answer)
        if not request.stream:
            body = orjson.dumps(dialect.write_answer(answer, request.model, request))
            return outlet.whole(200, JSON_HEADERS | answer_headers(exchange), body)
        writer = dialect.writer(request.model, request)
        await outlet.start(200, STREAM_HEADERS | answer_headers(exchange))
        await outlet.write(b"".join(map(writer.write, replay(answer))))

    def _keep(self, exchange: Exchange, request: Request, answer: Answer) -> None:
        """Keep what was asked and answered, where the user turned that on."""
        if self._house.config.ledger.keep_text:
            said = DIALECTS[exchange.dialect].write_answer(answer, request.model, request)
            self._house.keep_text(exchange.id, exchange.raw, orjson.dumps(said))

    def _first(self, exchange: Exchange) -> None:
        self._house.bus.publish(
            FirstToken(id=exchange.id, at=time.time(), latency=exchange.elapsed())
        )

    async def _refuse(self, exchange: Exchange, outlet: Outlet, error: ProxyError) -> None:
        """Tell the client in its own dialect: as an answer, or inside the stream that has begun."""
        self._failed(exchange, error.status, error.message)
        dialect = DIALECTS[exchange.dialect]
        try:
            if isinstance(error, BrokeOff):
                await outlet.end()
            elif outlet.streaming:
                await outlet.write(dialect.error_event(error.status, error.message))
                await outlet.end()
            else:
                body = orjson.dumps(dialect.error_body(error.status, error.message))
                headers = JSON_HEADERS | answer_headers(exchange) | error.headers
                outlet.whole(error.status, headers, body)
        except ConnectionResetError:
            pass  # the client left before it could be told

    def _failed(self, exchange: Exchange, status: int, error: str) -> None:
        self._house.bus.publish(
            Failed(
                id=exchange.id,
                at=time.time(),
                status=status,
                latency=exchange.elapsed(),
                error=hidden(error),
                usage=exchange.usage,
            )
        )
