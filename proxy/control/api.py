"""The control API: what is going on, why, and the one way to change it from outside."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from aiohttp import web

from proxy.clients.bodies import body_of, object_of
from proxy.clients.guests import Door
from proxy.clients.leading import at_home, hands_on
from proxy.clients.replies import json_response
from proxy.config.load import ConfigError
from proxy.control.event_stream import stream_events
from proxy.control.explain import dialect_of, explain
from proxy.control.ledger import LedgerDoors
from proxy.control.metrics import Metrics
from proxy.dialects.table import DIALECTS
from proxy.errors import BadRequest, ProxyError
from proxy.exchange import Exchange
from proxy.house import House
from proxy.ledger import history
from proxy.routing.as_json import as_json, table_from
from proxy.routing.table import Table

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Routes = Sequence[tuple[str, str, Handler]]  # method, path, handler


class Control:
    """Routes under /lynkr, and /metrics."""

    def __init__(self, house: House, door: Door, more: Routes = ()) -> None:
        self._house = house
        self._more = more
        self._door = door
        self._began = time.monotonic()
        self._metrics = Metrics(house.bus, house.load)

    def routes(self) -> Routes:
        """Method, path, handler; each for programs and for pages of this host alone."""
        ledger = LedgerDoors(self._house)
        rows: Routes = [
            ("GET", "/lynkr/health", self._health),
            ("POST", "/lynkr/explain", self._explain),
            ("GET", "/lynkr/events", self._events),
            ("GET", "/lynkr/history", self._history),
            ("GET", "/lynkr/exchanges", ledger.exchanges),
            ("GET", "/lynkr/exchanges/{id}", ledger.exchange),
            ("GET", "/lynkr/spending", ledger.spending),
            ("GET", "/lynkr/routing", self._routing),
            ("PUT", "/lynkr/routing", self._replace),
            ("DELETE", "/lynkr/cache", self._forget),
            ("GET", "/metrics", self._prometheus),
            *self._more,
        ]
        return [(method, path, self._own_page(handler)) for method, path, handler in rows]

    def _own_page(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> web.StreamResponse:
            self._door.check_page(request.headers)
            return await handler(request)

        return checked

    async def _health(self, request: web.Request) -> web.StreamResponse:
        return json_response(
            {
                "status": "stopping" if self._house.closing else "ok",
                "uptime_seconds": round(time.monotonic() - self._began, 1),
                "providers": sorted(self._house.config.providers),
                "hands_on": hands_on(self._house.config),
                "at_home": at_home(self._house.config, self._house.routing.table),
                "breakers": list(self._house.breakers.states().values()),
                "in_flight": self._metrics.in_flight,
                "tasks": len(asyncio.all_tasks()),
                "turned_away": self._house.load.shed,
            }
        )

    async def _explain(self, request: web.Request) -> web.StreamResponse:
        raw = await body_of(request)
        dialect = dialect_of(raw, request.query.get("dialect", ""))
        if dialect not in DIALECTS:
            raise BadRequest(f"dialect: {dialect[:40]!r} is not one of {', '.join(DIALECTS)}")
        headers = {name.lower(): value for name, value in request.headers.items()}
        return json_response(await explain(Exchange(raw, dialect, headers), self._house))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await stream_events(request, self._house)

    async def _history(self, request: web.Request) -> web.StreamResponse:
        by, path = request.query.get("by", "day"), self._house.ledger_path
        span = _day(request, "since"), _day(request, "until")
        try:
            rows = await asyncio.to_thread(history.savings, path, by, *span)
        except ValueError as error:
            raise BadRequest(f"by: {error}") from None
        total = await asyncio.to_thread(history.totals, path, *span)
        return json_response({"by": by, "rows": rows, "total": total})

    async def _routing(self, request: web.Request) -> web.StreamResponse:
        return json_response(as_json(self._house.routing.table))

    async def _replace(self, request: web.Request) -> web.StreamResponse:
        body, routing = await object_of(request), self._house.routing
        table = table_from(body, routing.table, self._house.config.providers)
        if table.steered_as(routing.table) != routing.table:
            await self._save(table)
        routing.replace(table, by="api")
        return json_response(as_json(table))

    async def _save(self, table: Table) -> None:
        try:
            await asyncio.to_thread(self._house.save, table)
        except ConfigError as error:
            raise ProxyError(str(error), 409) from None

    async def _forget(self, request: web.Request) -> web.StreamResponse:
        """Forget every cached answer, in memory and in the files."""
        semantic = self._house.semantic
        reworded = await semantic.clear() if semantic is not None else 0
        return json_response({"exact": self._house.cache.clear(), "semantic": reworded})

    async def _prometheus(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(text=self._metrics.text(), headers=headers)


def _day(request: web.Request, name: str) -> date | None:
    said = request.query.get(name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise BadRequest(f"{name}: {said!r:.40} is no day, like 2026-11-20") from None
