"""The doors of the control API that a dashboard elsewhere needs; app.attach is the other end."""

import asyncio
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from app.attach.state import Approval, Caches, State, Upstream
from app.holds.cached import Cached
from app.holds.gate import Gate
from app.holds.whole import Whole
from proxy.clients.bodies import object_of
from proxy.clients.replies import values_response
from proxy.config.edit import ConfigFile
from proxy.config.load import ConfigError
from proxy.control.api import Routes
from proxy.errors import BadRequest, ProxyError
from proxy.house import House

if TYPE_CHECKING:
    from app.holds.upstreams import Upstreams


class Doors:
    """Each leads to the very object that a dashboard in this process is handed."""

    def __init__(self, file: ConfigFile, log: Path, house: House) -> None:
        self._file, self._log, self._house = file, log, house
        self._cached, self._gate, self._whole = Cached(house), Gate(house), Whole(file, house)
        self._switches: dict[str, Cached | Gate] = {"cache": self._cached, "approval": self._gate}

    @cached_property
    def _upstreams(self) -> "Upstreams":
        from app.holds.upstreams import Upstreams  # what it imports would delay the start

        return Upstreams(self._house)

    @cached_property
    def _version(self) -> str:
        from importlib.metadata import version

        return version("lynkr-tui")

    def routes(self) -> Routes:
        """Method, path, handler, as the control API has them."""
        return [
            ("GET", "/lynkr/state", self._told),
            ("PUT", "/lynkr/state", self._switch),
            ("POST", "/lynkr/exchanges/{id}/wrong", self._wrong),
            ("POST", "/lynkr/exchanges/{id}/approval", self._decide),
            ("POST", "/lynkr/providers/{name}/test", self._test),
        ]

    @property
    def state(self) -> State:
        gate, cached, config = self._gate, self._cached, self._house.config
        return State(
            version=self._version,
            now=time.time(),
            config=str(self._file.path.absolute()),
            log=str(self._log.absolute()),
            keeps_text=config.ledger.keep_text,
            caches=Caches(on=cached.on, trouble=cached.trouble),
            approval=Approval(on=gate.on, above=gate.above, waiting=gate.waiting),
            whole=self._whole.names,
            theme=config.dashboard.theme,
            keys=config.keys,
            budgets=tuple(config.budgets),
            providers=self._providers(),
        )

    def _providers(self) -> dict[str, Upstream]:
        held, standings = self._upstreams, self._upstreams.standings()
        return {
            name: Upstream(config=row, keys=held.keys(name), standing=standings.get(name))
            for name, row in held.rows.items()
        }

    async def _told(self, request: web.Request) -> web.Response:
        return values_response(self.state)

    async def _switch(self, request: web.Request) -> web.Response:
        """Put the switches that the body names as it says."""
        asked = await object_of(request)
        whole = asked.pop("whole", {})
        unknown = sorted(asked.keys() - self._switches.keys())
        if unknown:
            raise BadRequest(f"{unknown[0]}: unknown switch; use cache, approval or whole")
        if not isinstance(whole, dict):
            raise BadRequest('whole: name tools, like {"Grep": true}')
        for name, on in (asked | whole).items():
            _yes_or_no(name, on)
        for name, on in asked.items():
            if self._switches[name].on != on:
                self._switches[name].toggle()
        for tool, on in whole.items():
            if (tool in self._whole.names) != on:
                await self._never(tool)
        return values_response(self.state)

    async def _never(self, tool: str) -> None:
        try:
            await asyncio.to_thread(self._whole.toggle, tool)
        except ConfigError as error:
            raise ProxyError(str(error), 409) from None

    async def _wrong(self, request: web.Request) -> web.Response:
        return values_response({"known": await self._cached.wrong(request.match_info["id"])})

    async def _decide(self, request: web.Request) -> web.Response:
        go = _yes_or_no("go", (await object_of(request)).get("go"))
        return values_response({"waited": self._gate.decide(request.match_info["id"], go)})

    async def _test(self, request: web.Request) -> web.Response:
        return values_response(await self._upstreams.test(request.match_info["name"]))


def _yes_or_no(name: str, said: object) -> bool:
    if not isinstance(said, bool):
        raise BadRequest(f"{name}: must be true or false")
    return said
