"""The doctor's round: every check in its order, with what each needs from the one before."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from app.commands.options import Options
from app.doctor import machine
from app.doctor.finding import Finding, fail, ok, warn
from proxy.config.load import Config, ConfigError, load, read_text
from proxy.config.names import upgraded


class Wanted(Struct, frozen=True, kw_only=True):
    """How far to go: `agree` is asked before calls that cost."""

    call: bool = False
    deep: bool = False
    agree: Callable[[list[str]], bool] = lambda models: True


def examine(options: Options, wanted: Wanted) -> Iterator[Finding]:
    """Findings as they are made. Nothing is changed by looking."""
    config, found = _config(options.config_path)
    yield found
    yield machine.port(options.host, options.port)
    if config is not None:
        yield from _providers(options.config_path, config, wanted)
    yield machine.tokens()
    yield machine.embedder(wanted.deep, config.cache.model if config else "")
    yield machine.ledger(options.data_path)
    yield from machine.terminal(os.environ)


def _config(path: Path) -> tuple[Config | None, Finding]:
    if not path.exists():
        fix = "write one with `lynkr-tui init`, or name one with --config"
        return None, fail("config", f"there is none at {path}", fix)
    try:
        config, older = load(path), upgraded(read_text(path)).rows
    except ConfigError as error:
        return None, fail("config", "; ".join(str(error).splitlines()), "correct it there")
    if older:
        names = ", ".join(row.old for row in older)
        fix = "start lynkr-tui once: it renames them, and keeps a copy"
        return config, warn("config", f"{path} can be read, with names of before: {names}", fix)
    return config, ok("config", f"{path} can be read")


def _providers(path: Path, config: Config, wanted: Wanted) -> Iterator[Finding]:
    from app.doctor import calling, providers

    found = asyncio.run(providers.probes(config))
    for name, row in config.providers.items():
        yield providers.reachable(name, row, found[name])
    yield from providers.models(config, found)
    if not wanted.call:
        return
    models = [str(one) for one in calling.targets(config)]
    if models and (not calling.costs(config) or wanted.agree(models)):
        yield from asyncio.run(calling.called(path, config))
