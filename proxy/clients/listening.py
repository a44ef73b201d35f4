"""Connections of clients: how large a request's head may be, and how long it may take to come."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from proxy.dialects.anthropic.errors import error_body

log = logging.getLogger(__name__)

HEAD_SECONDS = 20.0  # from connecting to the end of the first request's head
IDLE_SECONDS: Final = 600.0  # between two requests on one connection
LINGER_SECONDS: Final = 2.0  # for the rest of a body that was refused
MOST_LINE: Final = 16 * 1024  # bytes of the request line
MOST_HEADER: Final = 32 * 1024  # bytes of one header: sign-in tokens are long
MOST_HEADERS: Final = 128

_SLOW: Final = "no whole request came within {:g} s of connecting"


class Connection(web.RequestHandler):
    """One client's connection. Its path is not known yet where its head is not read: such errors
    are told in a form that every SDK finds the message in."""

    def __init__(self, manager: web.Server, **options: Any) -> None:
        super().__init__(manager, **options)
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._late = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: BaseException | None) -> None:
        self.heard()
        super().connection_lost(exc)

    def heard(self) -> None:
        """A request's head has come, or none will."""
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status != HTTPStatus.BAD_REQUEST:
            return super().handle_error(request, status, exc, message)
        # aiohttp logs what it could not read, and a header that is too long may be a key.
        said = _fault(exc)
        log.info("a request was refused: %s", said)
        response = web.Response(status=400, body=_body(400, said), content_type="application/json")
        response.force_close()
        return response

    def _too_slow(self) -> None:
        self._late = None
        if isinstance(self.transport, asyncio.WriteTransport):
            body = _body(408, _SLOW.format(HEAD_SECONDS))
            self.transport.write(
                b"HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\n"
                b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
            )
        self.force_close()


class Listener(web.Server):
    """Makes a Connection for each client, in place of aiohttp's own server `made`."""

    def __init__(self, made: web.Server, **options: Any) -> None:
        make = made.request_factory

        def make_request(message: Any, payload: Any, protocol: Any, *rest: Any) -> web.BaseRequest:
            protocol.heard()
            return make(message, payload, protocol, *rest)

        super().__init__(
            made.request_handler,
            request_factory=make_request,
            handler_cancellation=made.handler_cancellation,
        )
        self._options = options

    def __call__(self) -> Connection:
        return Connection(self, loop=asyncio.get_running_loop(), **self._options)


class Runner(web.AppRunner):
    """An AppRunner whose connections have limits."""

    async def _make_server(self) -> web.Server:
        return Listener(
            await super()._make_server(),
            access_log=None,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=LINGER_SECONDS,
            max_line_size=MOST_LINE,
            max_field_size=MOST_HEADER,
            max_headers=MOST_HEADERS,
        )


def _fault(error: BaseException | None) -> str:
    """What is wrong with a head, without a word of it."""
    if isinstance(error, LineTooLong):
        return f"a line of the request's head is longer than the {error.args[1]} bytes taken here"
    if "Too many headers" in str(error):
        return f"the request has more than the {MOST_HEADERS} headers taken here"
    return "the request is not HTTP as it should be"


def _body(status: int, message: str) -> bytes:
    return orjson.dumps(error_body(status, message))
