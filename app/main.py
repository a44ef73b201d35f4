"""The composition root: one loop with the proxy, and with the dashboard where there is a screen."""

import asyncio
import errno
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import uvloop
from msgspec import Struct

from app import bare_aiohttp  # noqa: F401  before all that imports aiohttp
from app.house import running
from app.process import logs
from app.process.descriptors import make_room
from app.process.failure import Failure
from app.showing import broken, needs_terminal, on_signals, show
from proxy.clients.guests import SHORTEST, TOKEN_ENV, TOKEN_HEADER, is_loopback
from proxy.config.edit import ConfigFile
from proxy.config.load import ConfigError
from proxy.config.upgrade import bring_up
from proxy.paths import DataFiles
from proxy.providers.credentials import unset
from proxy.server import Server

log = logging.getLogger(__name__)

PRIVATE = 0o077  # the umask: what we write is its owner's alone

Play = Callable[[str], Coroutine[Any, Any, None]]


class Options(Struct, frozen=True, kw_only=True):
    """What every command that runs the proxy is told."""

    config: Path
    data: Path
    host: str
    port: int


def serve(options: Options, as_json: bool) -> None:
    """The proxy alone. Raises Failure."""
    os.umask(PRIVATE)
    uvloop.run(_guarded(_serve(options, as_json), options))


def dashboard(options: Options, play: Play | None = None) -> None:
    """Proxy and dashboard; `play` is run beside them with the proxy's URL. Raises Failure."""
    needs_terminal("run `lynkr-tui serve` without one")
    os.umask(PRIVATE)
    uvloop.run(_guarded(_dashboard(options, play), options))


def token_for(host: str) -> str:
    """The token that guests from other machines must show. Raises Failure where there is none."""
    token = os.environ.get(TOKEN_ENV, "")
    if not is_loopback(host) and len(token) < SHORTEST:
        raise Failure(
            f"--host {host} lets other machines in: set {TOKEN_ENV} to a secret of {SHORTEST} "
            f"characters or more; clients send it as their API key, or as {TOKEN_HEADER}"
        )
    return token


async def _guarded(work: Coroutine[Any, Any, None], options: Options) -> None:
    make_room()
    try:
        await work
    except ConfigError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise Failure(_why(error, options)) from error


def _why(error: OSError, options: Options) -> str:
    place = f"{options.host}:{options.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{place} is taken; end what listens there, or choose another with --port"
    if error.filename:
        return f"{error.filename}: {error.strerror}; choose another place with --data"
    return f"can't listen on {place}: {error.strerror or error}; check --host and --port"


def _config(path: Path) -> ConfigFile:
    """The config, brought up to date first if an older build wrote it. Raises ConfigError."""
    if done := bring_up(path):
        print(f"lynkr-tui: {done}", file=sys.stderr, flush=True)
    return ConfigFile(path)


def _without_keys(file: ConfigFile) -> list[str]:
    """A sentence for each provider whose key is not there; in the log, too."""
    rows = file.config.providers.items()
    found = [said for name, row in rows if (said := unset(name, row))]
    for said in found:
        log.warning("%s", said)
    return found


async def _serve(options: Options, as_json: bool) -> None:
    from app.headless import print_events, print_exchanges
    from app.process.outpour import Outpour

    token = token_for(options.host)
    file, data = _config(options.config), DataFiles(options.data)
    logs.start(data.log)
    out = Outpour(sys.stdout.fileno() if as_json else sys.stderr.fileno())
    async with running(file, data, options.host, options.port, token) as server:
        (print_events if as_json else print_exchanges)(server.house.bus, out)
        print(f"lynkr-tui listens on {server.url}; log in {data.log}", file=sys.stderr, flush=True)
        for said in _without_keys(file):
            print(f"lynkr-tui: {said}", file=sys.stderr, flush=True)
        server.house.wake()
        await _until_signal()
    out.close()


async def _until_signal() -> None:
    asked = asyncio.Event()
    on_signals(asked.set)
    await asked.wait()


async def _dashboard(options: Options, play: Play | None) -> None:
    token = token_for(options.host)
    file, data = _config(options.config), DataFiles(options.data)
    lines = logs.start(data.log)
    _without_keys(file)
    async with running(file, data, options.host, options.port, token, screen=True) as server:
        if play is not None:
            server.house.tasks.spawn(play(server.url), "scripted session")
        failure = await _show(server, data, lines, file)
    if failure is not None:
        log.error("the dashboard broke", exc_info=failure)
        raise broken(failure, f"; the details are in {data.log}")


async def _show(
    server: Server, data: DataFiles, lines: deque[str], file: ConfigFile
) -> BaseException | None:
    """Run the dashboard to its end; what broke it, or None."""
    from app.holds.cached import Cached
    from app.holds.gate import Gate
    from app.holds.past import LedgerPast
    from app.holds.replayer import Replayer
    from app.holds.upstreams import Upstreams
    from app.holds.what_if import WhatIf
    from app.holds.whole import Whole
    from app.services import DashboardServices
    from app.theme import named

    house = server.house
    house.recent.want()
    return await show(
        DashboardServices(
            bus=house.bus,
            routing=house.routing,
            save=house.save,
            past=LedgerPast(data.ledger),
            base_url=server.url,
            log_lines=lines,
            config_path=file.path,
            cached=Cached(house),
            whole=Whole(file, house),
            replays=Replayer(house),
            folders=(Path(), data.ledger.parent),
            budgets=lambda: house.config.budgets,
            keeps_text=lambda: house.config.ledger.keep_text,
            providers=lambda: house.providers.models(),
            upstreams=Upstreams(house),
            what_if=WhatIf(house),
            gate=Gate(house),
            keys=house.config.keys,
            theme=named(house.config.dashboard.theme),
            painted=house.wake,
        )
    )
