"""The HTTP server: client API routes, start and stop."""

import asyncio
import logging
from functools import partial
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from proxy.clients.bodies import MOST_BODY, body_of
from proxy.clients.counting import count_tokens
from proxy.clients.guests import Door
from proxy.clients.listening import Runner
from proxy.clients.listing import models
from proxy.clients.outlet import ToClient
from proxy.clients.replies import json_response, refusal
from proxy.control.api import Control, Routes
from proxy.dialects.table import DIALECTS
from proxy.errors import ProxyError
from proxy.exchange import Exchange
from proxy.house import House
from proxy.load import Place
from proxy.pipeline import Pipeline
from proxy.secrets import open_query
from proxy.unforeseen import told

log = logging.getLogger(__name__)

STOP_SECONDS = 0.8  # for answers under way, before they are told that the proxy stops


class Server:
    """Serves one House on one address; `doors` are more of the control API's."""

    def __init__(
        self,
        house: House,
        host: str = "127.0.0.1",
        port: int = 8081,
        token: str = "",
        doors: Routes = (),
    ) -> None:
        self.house = house
        self._doors = doors
        self.host = host
        self._door = Door(host, token)
        self.port = port
        self._pipeline = Pipeline(house)
        self._answering: set[asyncio.Task[Any]] = set()
        self._runner = Runner(self._app(), handler_cancellation=True, shutdown_timeout=0.1)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken; port 0 takes any that is free."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening; answers under way get STOP_SECONDS, then a proper end."""
        self.house.closing = True
        for site in tuple(self._runner.sites):
            await site.stop()
        await _ended(self._answering, STOP_SECONDS)
        for task in self._answering:
            task.cancel()
        await _ended(self._answering, STOP_SECONDS)
        await self._runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BODY, middlewares=[self._guard()])
        for name, dialect in DIALECTS.items():
            app.router.add_post(dialect.path, partial(self._exchange, dialect=name))
        for method, path, handler in (
            ("POST", "/v1/messages/count_tokens", self._count_tokens),
            ("GET", "/v1/models", self._models),
            *((method, path, _hello) for method in ("HEAD", "GET") for path in ("/", "/api/hello")),
            *Control(self.house, self._door, self._doors).routes(),
        ):
            app.router.add_route(method, path, handler)
        return app

    def _guard(self) -> Middleware:
        """Lets in who may knock, on paths that are not served too; what is raised is said in the
        dialect of the path."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                self._door.check(request.headers)
                return await handler(request)
            except ProxyError as error:
                return refusal(error, dialect_at(request.path))
            except web.HTTPException as error:
                return refusal(_not_served(request, error), dialect_at(request.path))
            except (ConnectionError, asyncio.CancelledError):
                raise
            except Exception as error:
                return refusal(told(error, request.path), dialect_at(request.path))

        return guard

    async def _exchange(self, request: web.Request, dialect: str) -> web.StreamResponse:
        with self._place(request) as place:
            exchange = await self._read(request, dialect, place)
            outlet = ToClient(request, self.house.recent.hold(exchange))
            task = asyncio.current_task()
            assert task is not None
            self._answering.add(task)
            try:
                await self._pipeline.run(exchange, outlet)
            finally:
                self._answering.discard(task)
        return outlet.response or web.Response(status=499)

    async def _count_tokens(self, request: web.Request) -> web.StreamResponse:
        with self._place(request) as place:
            return await count_tokens(await self._read(request, "anthropic", place), self.house)

    def _place(self, request: web.Request) -> Place:
        return self.house.load.enter(min(request.content_length or 0, MOST_BODY))

    async def _read(self, request: web.Request, dialect: str, place: Place) -> Exchange:
        given = {name.lower(): value for name, value in request.headers.items()}
        headers = self._door.admitted(given)
        raw = await body_of(request)
        place.grow(len(raw))
        return Exchange(raw, dialect, headers, request.path, open_query(request.query_string))

    async def _models(self, request: web.Request) -> web.StreamResponse:
        return json_response(await models(self.house))


def dialect_at(path: str) -> str:
    """In which dialect whoever calls `path` expects an error."""
    return next((name for name, one in DIALECTS.items() if path.startswith(one.path)), "anthropic")


def _not_served(request: web.Request, error: web.HTTPException) -> ProxyError:
    asked = f"{request.method[:20]} {request.path[:100]}"
    return ProxyError(f"{asked} is not served here ({error.reason})", error.status)


async def _ended(tasks: set[asyncio.Task[Any]], seconds: float) -> None:
    """Wait until `tasks` have ended, or the time is up."""
    if tasks:
        await asyncio.wait(tuple(tasks), timeout=seconds)


async def _hello(request: web.Request) -> web.StreamResponse:
    return json_response({"name": "lynkr-tui", "health": "/lynkr/health"})
