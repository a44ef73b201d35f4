"""The providers in force, by the names that the config gives them."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp

from proxy.config.load import Config, ProviderConfig
from proxy.errors import NotSent
from proxy.providers.base import Provider
from proxy.providers.catalog import KINDS
from proxy.providers.http import HttpProvider
from proxy.providers.way import allow


class Providers:
    """Made anew when the config changes; exchanges under way keep the one they have."""

    def __init__(self, config: Config, session: aiohttp.ClientSession) -> None:
        self.config = config
        allow(_allowed(config))
        alone = len(_handed_on(config)) < 2
        self._by_name: Mapping[str, Provider] = {
            name: _provider(name, row, session, alone) for name, row in config.providers.items()
        }

    def kind_of(self, name: str) -> str:
        return self.config.providers[name].kind

    def get(self, name: str) -> Provider:
        """Raises NotSent where the config no longer has it."""
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(self._by_name)
            raise NotSent(
                f"provider {name} is not configured; add [providers.{name}] or use one of {known}"
            ) from None

    def resting(self, name: str) -> Mapping[int, float]:
        """Seconds that each key of a provider still rests, by its place among those at hand."""
        one = self._by_name.get(name)
        return one.resting() if isinstance(one, HttpProvider) else {}

    async def models(self) -> dict[str, list[str]]:
        """What each provider reports, asked side by side."""
        lists = await asyncio.gather(*(one.models() for one in self._by_name.values()))
        return dict(zip(self._by_name, lists, strict=True))


def _handed_on(config: Config) -> set[str]:
    """The addresses that callers' own credentials go to."""
    rows = [row for row in config.providers.values() if row.key == "client"]
    return {urlsplit(row.base_url or KINDS[row.kind].base_url).netloc for row in rows}


def _allowed(config: Config) -> list[str]:
    rows = (row for row in config.providers.values() if row.allow_metadata)
    return [urlsplit(row.base_url).hostname or "" for row in rows]


def _provider(
    name: str, row: ProviderConfig, session: aiohttp.ClientSession, alone: bool
) -> Provider:
    if row.kind == "demo":
        from proxy.providers.demo import DemoProvider  # its script is of no use elsewhere

        return DemoProvider(name)
    if KINDS[row.kind].auth == "aws":
        from proxy.providers.bedrock import BedrockProvider

        return BedrockProvider(name, row, session, alone)
    return HttpProvider(name, row, session, alone)
