"""The providers as the config has them now: how they stand, which keys they take, and a test."""

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from app.doctor.finding import Finding, fail
from app.doctor.providers import reachable
from app.text import duration
from proxy.config.model import ProviderConfig
from proxy.house import House
from proxy.providers.breaker import Standing
from proxy.providers.catalog import KINDS
from proxy.providers.http import new_session
from proxy.providers.probe import probe

SECONDS: Final = 5.0  # that an upstream gets to list its models
PATIENCE: Final = 15.0  # the same and its key: a keyring may ask a person to unlock it


class Tested(Struct, frozen=True):
    """What a test found, when (unix seconds), how long it took in milliseconds. `models` is None
    where the provider gave no list."""

    at: float
    took: float
    finding: Finding
    models: tuple[str, ...] | None = None


class Upstreams:
    """Looks, and asks for lists of models; changes nothing."""

    def __init__(self, house: House, seconds: float = SECONDS, patience: float = PATIENCE) -> None:
        self._house = house
        self._seconds, self._patience = seconds, patience

    @property
    def rows(self) -> Mapping[str, ProviderConfig]:
        return self._house.config.providers

    def standings(self) -> Mapping[str, Standing]:
        """How each provider's breaker stands that was called so far."""
        return self._house.breakers.states()

    def keys(self, name: str) -> tuple[str, ...]:
        """A provider's keys by name, and which of them rest."""
        row = self.rows.get(name)
        return named_keys(row, self._house.providers.resting(name)) if row else ()

    async def test(self, name: str) -> Tested:
        """Ask a provider for its models over a connection of its own; trouble is a finding."""
        row, began, clock = self.rows.get(name), time.time(), time.perf_counter()
        if row is None:
            return Tested(began, 0.0, fail(f"provider {name}", "it is configured no more", ""))
        finding, models = await self._ask(name, row)
        return Tested(began, (time.perf_counter() - clock) * 1000, finding, models)

    async def _ask(self, name: str, row: ProviderConfig) -> tuple[Finding, tuple[str, ...] | None]:
        try:
            async with asyncio.timeout(self._patience), new_session() as session:
                found = await probe(name, row, session, self._seconds)
        except TimeoutError:
            said = f"neither key nor answer within {self._patience:g} s"
            return fail(f"provider {name}", said, ""), None
        return reachable(name, row, found), found.models


def named_keys(row: ProviderConfig, resting: Mapping[int, float] | None = None) -> tuple[str, ...]:
    """Where a provider's keys come from, in their order, by name and never by value. `resting` are
    the seconds that some of those at hand are asked last, by their place among them."""
    if row.key == "client":
        return ("the caller's own",)
    if row.rings:
        return tuple(_rested([f"keyring {place}" for place in row.rings], resting or {}))
    kind = KINDS[row.kind]
    names = row.variables or ((kind.key_env,) if kind.key_env else ())
    if not names:
        return ("AWS's own",) if kind.auth == "aws" else ("none",)
    held = [name for name in names if os.environ.get(name)]
    told = dict(zip(held, _rested(held, resting or {}), strict=True))
    return tuple(told.get(name, f"{name} (not set)") for name in names)


def _rested(names: Sequence[str], resting: Mapping[int, float]) -> Iterator[str]:
    for number, name in enumerate(names):
        left = resting.get(number)
        yield f"{name} (rests for {duration(left * 1000)})" if left else name
