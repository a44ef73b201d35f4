"""The dashboard's holds on a proxy elsewhere: the same as on one in this process."""

import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from app.attach.far import FarError
from app.attach.hub import STATE, Hub
from app.attach.state import Caches
from app.doctor.finding import fail
from app.holds.upstreams import PATIENCE, Tested
from proxy.config.model import ProviderConfig
from proxy.providers.breaker import Standing
from proxy.values_json import read

TEST_SECONDS: Final = PATIENCE + 5.0


class FarCached:
    """Both caches' switch, and wrong answers."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @property
    def on(self) -> bool:
        return self._hub.state.caches.on

    @property
    def trouble(self) -> str:
        return self._hub.state.caches.trouble

    def toggle(self) -> bool:
        on = not self.on
        state = replace(self._hub.state, caches=Caches(on=on, trouble="" if on else "cache off"))
        self._hub.order(state, "The cache was not switched", {"cache": on}, "PUT", STATE)
        return on

    async def wrong(self, exchange: str) -> bool:
        told = await self._hub.far.ask("POST", f"/lynkr/exchanges/{quote(exchange, '')}/wrong")
        return bool(told.get("known"))


class FarGate:
    """Requests that cost much."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @property
    def above(self) -> float | None:
        return self._hub.state.approval.above

    @property
    def on(self) -> bool:
        return self._hub.state.approval.on

    @property
    def waiting(self) -> tuple[str, ...]:
        return self._hub.state.approval.waiting

    def toggle(self) -> bool:
        on, state = not self.on, self._hub.state
        waiting = state.approval.waiting if on else ()
        state = replace(state, approval=replace(state.approval, on=on, waiting=waiting))
        self._hub.order(state, "Approval was not switched", {"approval": on}, "PUT", STATE)
        return on

    def decide(self, exchange: str, go: bool) -> bool:
        state = self._hub.state
        if exchange not in state.approval.waiting:
            return False
        rest = tuple(id for id in state.approval.waiting if id != exchange)
        state = replace(state, approval=replace(state.approval, waiting=rest))
        path = f"/lynkr/exchanges/{quote(exchange, '')}/approval"
        self._hub.order(state, "It was not decided", {"go": go}, "POST", path)
        return True


class FarWhole:
    """The tools whose results are never compressed."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @property
    def names(self) -> tuple[str, ...]:
        return self._hub.state.whole

    def toggle(self, tool: str) -> bool:
        """Raises FarError, and OSError is its kind, where it can't be done."""
        self._hub.wait(self._hub.switch({"whole": {tool: tool not in self.names}}))
        return tool in self.names


class FarUpstreams:
    """The providers."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @property
    def rows(self) -> Mapping[str, ProviderConfig]:
        return {name: one.config for name, one in self._hub.state.providers.items()}

    def standings(self) -> Mapping[str, Standing]:
        rows = self._hub.state.providers.items()
        return {name: one.standing for name, one in rows if one.standing}

    def keys(self, name: str) -> tuple[str, ...]:
        one = self._hub.state.providers.get(name)
        return one.keys if one else ()

    async def test(self, name: str) -> Tested:
        """The proxy asks the provider; trouble on the way to the proxy is a finding too."""
        began, path = time.time(), f"/lynkr/providers/{quote(name, '')}/test"
        try:
            return read(Tested, await self._hub.far.ask("POST", path, seconds=TEST_SECONDS))
        except (FarError, ValueError) as error:
            took = (time.time() - began) * 1000
            return Tested(began, took, fail(f"provider {name}", str(error), ""))

    async def models(self) -> dict[str, list[str]]:
        """The models of each provider, as the proxy lists them. Raises FarError."""
        listed: dict[str, list[str]] = {name: [] for name in self._hub.state.providers}
        for row in (await self._hub.far.ask("GET", "/v1/models")).get("data", []):
            provider, _, model = str(row.get("id", "")).partition("/")
            if provider in listed and model:
                listed[provider].append(model)
        return listed
