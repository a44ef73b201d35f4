"""`python -m tests.soak`: hours of a day's work in front of one proxy, then an account of it."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

import aiohttp
import uvloop

from proxy.tasks import Tasks
from tests.soak.books import wrong
from tests.soak.crowd import Told, play
from tests.soak.plans import Plan, plans
from tests.soak.provider import Provider
from tests.soak.vitals import Vitals, slope, vitals
from tests.support.program import serve
from tests.support.upstream import Upstream

WARM = 400  # exchanges before the first look: caches of code and threads are there then
SAMPLES = 60
REST = 1.5  # seconds without work before the first look
SETTLES = 90.0  # seconds that the last sockets may take to close
# What may still grow: memory by the exchange once caches are full; the allocator's noise in a
# short run; the threads of the pool, which come as they are first needed.
MOST_SLOPE = 120.0  # bytes an exchange
NOISE = 20.0  # megabytes
POOL = 8

CONFIG = """
[providers.a]
kind = "anthropic_compatible"
base_url = "{url}"
[providers.c]
kind = "openai_compatible"
base_url = "{url}"
[providers.r]
kind = "openai_responses_compatible"
base_url = "{url}"
[tiers]
SIMPLE = "a/small"
MEDIUM = "c/middle"
COMPLEX = "r/large"
REASONING = "a/deep"
[cache]
semantic = false
[retry]
times = 1
seconds = 1
"""


class Soak:
    """Plays plans at a steady rate, and looks at the proxy now and then."""

    def __init__(self, url: str, pid: int, rate: float) -> None:
        self._url = url
        self._pid = pid
        self._rate = rate
        self._tasks = Tasks()
        self.told: list[Told] = []
        self.seen: list[Vitals] = []

    async def play(self, plans: list[Plan]) -> None:
        """All of `plans`, each at its time; returns when all have ended and are let go."""
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            began, every = time.monotonic(), max(len(plans) // SAMPLES, 1)
            for number, plan in enumerate(plans):
                await asyncio.sleep(began + number / self._rate - time.monotonic())
                self._tasks.spawn(self._one(plan, session), "client")
                if number % every == 0:
                    self.seen.append(await self.look())
            await asyncio.gather(*self._tasks.running)

    async def _one(self, plan: Plan, session: aiohttp.ClientSession) -> None:
        self.told.append(await play(plan, self._url, session))

    async def look(self) -> Vitals:
        return await vitals(self._pid, self._url, len(self.told))

    async def settled(self, at_most: Vitals | None = None) -> Vitals:
        """How it stands once nothing is under way, and no more than before if that comes to be."""
        until = time.monotonic() + (SETTLES if at_most else REST)
        while True:
            now = await self.look()
            rests = at_most is not None and now.under_way == 0 and not _leaks(at_most, now)
            if rests or time.monotonic() > until:
                return now
            await asyncio.sleep(0.5)


def _leaks(before: Vitals, after: Vitals) -> list[str]:
    """What is still held that was not before, a line each."""
    rows = (
        ("tasks", before.tasks, after.tasks),
        ("descriptors", before.descriptors, after.descriptors),
        ("threads", before.threads + POOL, after.threads),
        ("exchanges under way", 0, after.under_way),
    )
    return [f"{name}: {most} before, {now} after" for name, most, now in rows if now > most]


async def soak(folder: Path, seconds: float, rate: float, warm: int = WARM) -> list[str]:
    """Play it, after so many exchanges to warm up; what is amiss, a line each."""
    source = plans()
    async with (
        Upstream(Provider(), idle=1.0) as upstream,
        serve(folder, CONFIG.format(url=upstream.url)) as running,
    ):
        one = Soak(running.url, running.process.pid, rate)
        await one.play(list(islice(source, warm)))
        before = await one.settled()
        one.seen.clear()
        await one.play(list(islice(source, round(seconds * rate))))
        after = await one.settled(before)
        running.process.terminate()
        await running.process.wait()
        books = wrong(running.data / "ledger.db", one.told)
    _account(one, before, after)
    return [*amiss(one.told), *_leaks(before, after), *_grown(one.seen), *books]


def amiss(told: list[Told]) -> list[str]:
    """What clients heard that they should not have. A provider that rests may be told of at any
    time; once it does, so may the failure of the request that it was tried with."""
    rested = any(one.rests for one in told)
    return [f"{one.plan}: {one.amiss}" for one in told if one.amiss and not (rested and one.probe)]


def _grown(seen: list[Vitals]) -> list[str]:
    grown, by = seen[-1].memory - seen[len(seen) // 2].memory, slope(seen)
    flat = by <= MOST_SLOPE or grown <= NOISE
    return [] if flat else [f"memory grows by {by:.0f} bytes an exchange, {grown:.1f} MB in all"]


def _account(one: Soak, before: Vitals, after: Vitals) -> None:
    kinds = Counter(told.plan.kind for told in one.told)
    print(f"{len(one.told):,} exchanges: {dict(kinds)}")
    whole, cached = (sum(getattr(told, name) for told in one.told) for name in ("whole", "cached"))
    print(f"{whole:,} whole, {cached:,} of them from the cache")
    print(f"before  {before.line()}\nafter   {after.line()}")
    for row in one.seen[:: max(len(one.seen) // 6, 1)]:
        print(f"        {row.line()}")
    print(f"memory  {slope(one.seen):,.0f} bytes an exchange over the second half")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3_600.0)
    parser.add_argument("--rate", type=float, default=50.0, help="exchanges a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        faults = uvloop.run(soak(Path(folder), options.seconds, options.rate))
    print(
        "\n".join(faults[:40]) if faults else "all well: memory flat, nothing leaked, books exact"
    )
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
