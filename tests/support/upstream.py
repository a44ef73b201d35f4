"""A scripted upstream on loopback: it keeps what it was sent, and answers as it is told."""

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web


@dataclass
class Sent:
    """One request as the upstream saw it."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    raw_path: str = ""  # as it stood in the request line, with its escapes and its query

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.raw)
        return found


Answer = Callable[[web.Request, Sent], Awaitable[web.StreamResponse]]


@dataclass
class Upstream:
    """Use as `async with Upstream(answer) as upstream`; `upstream.url` is its base URL."""

    answer: Answer
    sent: list[Sent] = field(default_factory=list)
    url: str = ""
    gone: int = 0  # answers whose client left before they were done
    tls: ssl.SSLContext | None = None
    idle: float = 75.0  # seconds that an idle connection is kept

    async def __aenter__(self) -> "Upstream":
        app = web.Application(client_max_size=2**28)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, shutdown_timeout=0.1, keepalive_timeout=self.idle
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self.tls).start()
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        raw = await request.read()
        sent = Sent(request.method, request.path, headers, raw, request.raw_path)
        self.sent.append(sent)
        try:
            return await self.answer(request, sent)
        except (ConnectionResetError, BaseException):
            self.gone += 1
            raise


async def stream(request: web.Request, chunks: list[bytes], end: bool = True) -> web.StreamResponse:
    """Send `chunks` as an event stream; with `end` false, cut the connection after them."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for chunk in chunks:
        await response.write(chunk)
    if not end:
        assert request.transport is not None
        request.transport.close()
    return response


def as_json(value: object, status: int = 200, **headers: str) -> web.Response:
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return web.Response(
        body=orjson.dumps(value), status=status, content_type="application/json", headers=names
    )
