"""Runs of bare and proxy by turns: the processes, how much of everything, what one run tells."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks import bodies, loads
from tests.benchmarks.processes import Process
from tests.benchmarks.wire import post


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything; the figures are medians of `rounds` runs by turns."""

    rounds: int = 5
    short: int = 1000  # requests a run, one at a time
    coding: int = 500
    short_at_once: int = 4000
    coding_at_once: int = 1500
    chunks: int = 500  # of a paced stream
    exchanges: int = 10_000  # before memory is read
    calls: int = 300  # of a function measured alone
    idle: float = 8.0  # seconds that a dashboard is watched doing nothing
    ledger: int = 1_000_000  # exchanges of the past


QUICK = Scale(
    rounds=3, short=300, coding=200, short_at_once=1000, coding_at_once=400, ledger=100_000
)


@dataclass(frozen=True, slots=True)
class Bench:
    """The processes under test."""

    upstream: Process
    bare: Process
    proxy: Process
    scale: Scale
    folder: Path  # for files of processes that a measure starts itself


Run = Callable[[Process, Iterator[bytes], int], Awaitable[float]]


async def by_turns(
    bench: Bench,
    run: Run,
    body: bytes,
    times: int,
    proxy: Process | None = None,
    query: str = "",
) -> list[tuple[float, float]]:
    """A warm-up, then `run` on bare and the proxy by turns, or on one that stands in for it."""
    ours = proxy or bench.proxy
    requests, pairs = requests_of(body, query), []
    for process in (bench.bare, ours):
        await p50(process, requests, times // 4 + 1)
    for _ in range(bench.scale.rounds):
        bare = await run(bench.bare, requests, times)
        pairs.append((bare, await run(ours, requests, times)))
    return pairs


async def p50(process: Process, requests: Iterator[bytes], times: int) -> float:
    return median(await loads.one_at_a_time(process.url, requests, times))


async def rate(
    process: Process, requests: Iterator[bytes], times: int, many: int = loads.AT_ONCE
) -> float:
    return await loads.at_once(process.url, requests, times, many)


async def cpu(process: Process, requests: Iterator[bytes], times: int) -> float:
    before = process.cpu()
    await loads.one_at_a_time(process.url, requests, times)
    return (process.cpu() - before) * 1000 / times


def requests_of(body: bytes, query: str = "") -> Iterator[bytes]:
    """No two the same within a process: none is answered from the cache."""
    return (post(one, query) for one in bodies.numbered(body))
