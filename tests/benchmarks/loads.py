"""Loads: one request at a time, many at once, one long stream."""

import asyncio
import time
from collections.abc import Iterator
from statistics import quantiles

from tests.benchmarks.wire import Connection, connect

AT_ONCE = 16


async def one_at_a_time(url: str, requests: Iterator[bytes], times: int) -> list[float]:
    """Milliseconds that each of `times` requests took."""
    connection = await connect(url)
    try:
        return [await _timed(connection, next(requests)) for _ in range(times)]
    finally:
        connection.close()


async def at_once(url: str, requests: Iterator[bytes], times: int, many: int = AT_ONCE) -> float:
    """Requests a second, 16 under way at any time, or `many`."""
    connections = [await connect(url) for _ in range(many)]
    left = iter(range(times))

    async def work(connection: Connection) -> None:
        for _ in left:
            await connection.ask(next(requests))

    began = time.perf_counter()
    await asyncio.gather(*map(work, connections))
    seconds = time.perf_counter() - began
    for connection in connections:
        connection.close()
    return times / seconds


async def gaps(url: str, request: bytes) -> list[float]:
    """Milliseconds between the pieces of one paced stream, as they arrive."""
    connection = await connect(url)
    heard: list[float] = []
    connection.heard = heard.append
    await connection.ask(request)
    connection.close()
    return [(later - earlier) * 1000 for earlier, later in zip(heard, heard[1:], strict=False)]


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


async def _timed(connection: Connection, request: bytes) -> float:
    began = time.perf_counter()
    await connection.ask(request)
    return (time.perf_counter() - began) * 1000
