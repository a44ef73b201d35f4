"""A config file in, a running proxy out: opens every part in order and closes them again."""

import asyncio
import gc
import logging
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from app.doors.replay import ReplayDoors
from app.doors.state import Doors
from app.doors.what_if import WhatIfDoors
from app.process.beginning import Beginning, priced
from app.semantic import Semantic, semantic_cache
from proxy.bus import Bus
from proxy.cache.exact import ExactCache
from proxy.config.edit import ConfigFile
from proxy.config.load import Config, ConfigError, table_of
from proxy.control.api import Routes
from proxy.events import RoutingChanged
from proxy.house import House
from proxy.ledger.ledger import Ledger
from proxy.money.prices import Price, Prices
from proxy.paths import DataFiles
from proxy.providers.http import new_session
from proxy.providers.registry import Providers
from proxy.rewrite.recall_store import Originals
from proxy.routing.table import Routing, Table
from proxy.server import Server
from proxy.tasks import Tasks
from proxy.tokens.counter import TokenCounter

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
FLUSH_SECONDS = 1.0
PAINT_SECONDS = 3.0  # a screen that is not up by then is not waited for
SWITCH_SECONDS = 0.0005  # by default the loop may wait 5 ms for a thread to yield the interpreter
YOUNG, MIDDLE, OLD = 20_000, 20, 50  # collections: an exchange leaves hardly any cycles behind


@asynccontextmanager
async def running(
    file: ConfigFile,
    data: DataFiles,
    host: str,
    port: int,
    token: str = "",
    screen: bool = False,
) -> AsyncIterator[Server]:
    """A proxy that listens, until the block ends. OSError where it can't.

    Other machines, where `host` lets them in, have to show the `token`. Where a `screen` opens,
    what is slow to load waits for its first paint (`house.wake`), 3 s at most.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    async with new_session() as session:
        house = house_of(file, data, session)
        house.originals.start()
        if file.config.compression.level == "balanced":
            await asyncio.to_thread(house.originals.wait)  # what it can't keep, is not abridged
        server = Server(house, host, port, token, _doors(file, data, house))
        await server.start()
        ledger = _listening(house, data)
        semantic = Semantic(house, data.semantic)
        begin = Beginning(house, ledger)

        def wake() -> None:
            begin()
            semantic.wake()

        house.wake = wake
        asyncio.get_running_loop().call_later(PAINT_SECONDS if screen else 0, begin)
        house.tasks.spawn(_follow(file, house, session, semantic), "config watcher")
        try:
            yield server
        finally:
            await server.stop()
            await house.tasks.end()
            await asyncio.to_thread(_close, house, ledger)


def _listening(house: House, data: DataFiles) -> Ledger:
    """The ledger, still asleep, and whoever else keeps account of what happens."""
    ledger = Ledger(data.ledger, asleep=True)
    house.keep_text = ledger.keep
    house.bus.on_end(ledger.note)
    house.bus.on(RoutingChanged, lambda _: house.counter.warm(priced(house)))
    house.cache.start()
    house.bus.on_end(house.spending.note)
    _watch_spending(house)
    house.tasks.spawn(house.calibration.load(data.ledger), "calibration")
    return ledger


def _doors(file: ConfigFile, data: DataFiles, house: House) -> Routes:
    """What a dashboard elsewhere needs beside the proxy's own control API."""
    ways = (Doors(file, data.log, house), WhatIfDoors(house), ReplayDoors(house))
    return [row for one in ways for row in one.routes()]


def house_of(file: ConfigFile, data: DataFiles, session: aiohttp.ClientSession) -> House:
    """Every part in its place; nothing runs yet, no file is opened."""
    bus = Bus()
    return House(
        config=file.config,
        routing=Routing(table_of(file.config), lambda table, by: _tell(bus, table, by)),
        bus=bus,
        providers=Providers(file.config, session),
        prices=Prices(own_prices(file.config)),
        cache=ExactCache(data.cache, ttl=file.config.cache.ttl),
        semantic=semantic_cache(file.config.cache, data.semantic),
        counter=TokenCounter(),
        tasks=Tasks(),
        originals=Originals(data.originals),
        ledger_path=data.ledger,
        save=file.save,
    )


def _close(house: House, ledger: Ledger) -> None:
    house.counter.close()
    house.cache.close()
    if house.semantic is not None:
        house.semantic.close()
    house.originals.close()
    if not ledger.close(FLUSH_SECONDS):
        log.error("the ledger could not be written in time: %s", ledger.problem)


def _tell(bus: Bus, table: Table, by: str) -> None:
    bus.publish(RoutingChanged(id="", at=time.time(), table=table, by=by))


def _watch_spending(house: House) -> None:
    """Only where a budget asks for it: it costs each exchange some microseconds."""
    if house.config.budgets:
        house.tasks.spawn(house.spending.start(house.ledger_path), "spending")


async def _follow(
    file: ConfigFile, house: House, session: aiohttp.ClientSession, semantic: Semantic
) -> None:
    """Look at the config file each second, and put what changed in force."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        try:
            config = file.changed()
        except ConfigError as error:
            log.error("the config stays as it was: %s", error)
            continue
        if config is not None:
            _adopt(config, house, session)
            semantic.follow()


def _adopt(config: Config, house: House, session: aiohttp.ClientSession) -> None:
    """Overrides are no part of the file, so they hold."""
    old = house.routing.table
    house.config = config
    house.providers = Providers(config, session)
    house.prices = Prices(own_prices(config))
    house.breakers.forget()
    _watch_spending(house)
    house.routing.replace(table_of(config).steered_as(old), by="file")
    log.info("the config was edited and is in force")


def own_prices(config: Config) -> Mapping[str, Price]:
    """The user's prices, as dollars per million tokens by kind of token."""
    return {
        name: {key: value for key, value in price if value is not None}
        for name, price in config.prices.items()
    }
