"""Which providers are at hand: keys in the environment by name, servers on this machine."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from proxy.config_model import ProviderConfig
from proxy.providers.catalog import KINDS
from proxy.providers.http import HttpProvider, new_session

LOCAL = ("ollama", "llamacpp", "lmstudio", "vllm")
PATIENCE = 2.0  # seconds for a server on this machine to say what it has
SIGN_INS = ((".claude/.credentials.json", "anthropic"), (".codex/auth.json", "openai"))


@dataclass(frozen=True, slots=True)
class Found:
    """A provider that can be used: under which name, what vouches for it, and its models."""

    kind: str
    source: str  # a variable's name, a URL, or "your own sign-in"
    models: tuple[str, ...] = ()
    key: str = ""  # "client" where the caller's own credential is handed on

    @property
    def local(self) -> bool:
        return self.kind in LOCAL


async def look_around(environment: Mapping[str, str] = os.environ) -> list[Found]:
    """Every provider at hand, asked side by side for its models. Sends no prompt."""
    keyed = [(kind, row.key_env) for kind, row in KINDS.items() if environment.get(row.key_env)]
    async with new_session() as session:
        asked = [_found(kind, variable, session) for kind, variable in keyed]
        asked += [_found(kind, KINDS[kind].base_url, session) for kind in LOCAL]
        found = await asyncio.gather(*asked)
    there = [one for one in found if one.models or not one.local]
    kinds = {one.kind for one in there}
    return there + [
        Found(kind, "your own sign-in", key="client")
        for place, kind in SIGN_INS
        if kind not in kinds and (Path.home() / place).exists()
    ]


async def _found(kind: str, source: str, session: aiohttp.ClientSession) -> Found:
    provider = HttpProvider(kind, ProviderConfig(kind=kind), session)
    try:
        async with asyncio.timeout(PATIENCE if kind in LOCAL else 5):
            models = await provider.models()
    except TimeoutError:
        models = []
    return Found(kind, source, tuple(models))
