"""What is measured over sockets: each function runs one load and gives its rows of the table."""

import asyncio
import time
from functools import partial
from itertools import repeat
from statistics import median

from app.holds.past import LedgerPast
from app.savings.savings import look
from proxy.ledger.ledger import Ledger
from tests.benchmarks import bodies, loads, processes
from tests.benchmarks.peers import peers
from tests.benchmarks.rows import Row, alone, beside
from tests.benchmarks.screen import dashboard, gaps_while_busy, idle_share
from tests.benchmarks.stages import stage_times, stages_off
from tests.benchmarks.turns import Bench, by_turns, cpu, p50, rate, requests_of
from tests.benchmarks.upstream import APART
from tests.benchmarks.wire import Connection, connect, post
from tests.support.long_ledger import lengthen
from tests.support.proxy import config_for

MOST_MB = 130
WARM_UP = 90.0  # seconds for an embedder to load


async def latency(bench: Bench) -> list[Row]:
    """One request at a time."""
    scale = bench.scale
    short = await by_turns(bench, p50, bodies.short(), scale.short)
    coding = await by_turns(bench, p50, bodies.coding(), scale.coding)
    apart = await by_turns(bench, p50, bodies.coding(), scale.coding, query=APART)
    others = {
        "short request, streamed, p50": bodies.short(stream=True),
        "50 KB coding-agent request, plain, p50": bodies.coding(stream=False),
        "200 KB coding-agent request, streamed, p50": bodies.coding(bodies.LONG),
    }
    return [
        beside("short request, one at a time, p50", "ms", short, "≤", 2),
        beside("50 KB coding-agent request, streamed, p50", "ms", coding, "≤", 4),
        beside("50 KB, streamed event by event, p50", "ms", apart),
        *[
            beside(work, "ms", await by_turns(bench, p50, body, scale.coding))
            for work, body in others.items()
        ],
    ]


async def throughput(bench: Bench) -> list[Row]:
    """16 requests under way at any time, then 64; then 16 of which the answers come in pieces."""
    scale = bench.scale
    rows = []
    for many, bound in ((16, 0.35), (64, None)):
        at_once = partial(rate, many=many)
        short = await by_turns(bench, at_once, bodies.short(), scale.short_at_once)
        coding = await by_turns(bench, at_once, bodies.coding(), scale.coding_at_once)
        rows += [
            beside(f"short requests, {many} at a time", "/s", short, "≥", bound),
            beside(f"50 KB streamed, {many} at a time", "/s", coding, "≥", bound),
        ]
    times = scale.coding_at_once
    apart = await by_turns(bench, rate, bodies.coding(), times, query=APART)
    return [*rows, beside("50 KB streamed event by event, 16 at a time", "/s", apart)]


async def processor_time(bench: Bench) -> list[Row]:
    """What each request takes of a processor: less shaken by a busy machine than time is."""
    if not bench.bare.cpu():
        return []
    scale = bench.scale
    short = await by_turns(bench, cpu, bodies.short(), scale.short)
    coding = await by_turns(bench, cpu, bodies.coding(), scale.coding)
    return [
        beside("short request, processor time", "ms", short),
        beside("50 KB streamed, processor time", "ms", coding),
    ]


async def stream_gaps(bench: Bench) -> list[Row]:
    """A stream of 100 chunks a second, while short requests keep the proxy busy."""
    request = post(bodies.short(stream=True), f"?chunks={bench.scale.chunks}")
    bare = await loads.gaps(bench.bare.url, request)
    busy = asyncio.gather(_keep_busy(bench.proxy.url, bench.scale.chunks))
    ours = await loads.gaps(bench.proxy.url, request)
    busy.cancel()
    await asyncio.gather(busy, return_exceptions=True)
    return [
        _gap("gap in a 100 chunk/s stream, p95", loads.p95(bare), loads.p95(ours), 15),
        _gap("gap in a 100 chunk/s stream, max", max(bare), max(ours), 60),
    ]


async def cache_hit(bench: Bench) -> list[Row]:
    """The same question again and again."""
    request = post(bodies.short())
    times = await loads.one_at_a_time(bench.proxy.url, repeat(request), bench.scale.short)
    return [alone("exact cache hit, p50", "ms", median(times), 1.5)]


async def semantic_hit(bench: Bench) -> list[Row]:
    """The same question again and again, embedded each time. Its embedder loads first."""
    config = config_for(bench.upstream.url, more="[cache]\nexact = false\n")
    command = processes.proxy(bench.folder / "semantic", config)
    async with processes.running(command, bench.folder / "semantic.log") as proxy:
        connection = await connect(proxy.url)
        began = time.perf_counter()
        while await _timed_hit(connection) is None and time.perf_counter() - began < WARM_UP:
            await asyncio.sleep(0.2)
        times = [await _timed_hit(connection) for _ in range(bench.scale.coding)]
        connection.close()
    hits = [ms for ms in times if ms is not None]
    return [alone("semantic cache hit, p50", "ms", median(hits), 30)] if hits else []


async def _timed_hit(connection: Connection) -> float | None:
    """Milliseconds of a semantic hit; None where it was none, as when one is compared upstream."""
    began = time.perf_counter()
    answer = await connection.ask(post(bodies.short()))
    hit = b"x-lynkr-cache: semantic" in answer.partition(b"\r\n\r\n")[0].lower()
    return (time.perf_counter() - began) * 1000 if hit else None


async def memory(bench: Bench) -> list[Row]:
    """Resident memory after many exchanges, and what the second half of them added."""
    half = bench.scale.exchanges // 2
    await loads.at_once(bench.proxy.url, requests_of(bodies.short()), half)
    before = bench.proxy.memory()
    await loads.at_once(bench.proxy.url, requests_of(bodies.short()), half)
    after = bench.proxy.memory()
    return [
        alone(f"memory after {2 * half:,} more exchanges", "MB", after, MOST_MB),
        alone(f"growth over the last {half:,}", "MB", after - before),
    ]


async def start(bench: Bench) -> list[Row]:
    """The proxy alone, started anew each time; whatever it imports was compiled before."""
    command = processes.proxy(bench.folder / "start", config_for(bench.upstream.url))
    took = []
    for _ in range(bench.scale.rounds):
        async with processes.running(command, bench.folder / "start.log") as proxy:
            took.append(proxy.started)
    return [alone("start to listening", "s", median(took), 0.7)]


async def screen(bench: Bench) -> list[Row]:
    """The dashboard at 120×40, with many exchanges behind it."""
    scale, config = bench.scale, config_for(bench.upstream.url)
    async with dashboard(bench.folder / "screen", config) as (shown, painted):
        await loads.at_once(shown.url, requests_of(bodies.short()), scale.exchanges)
        p50s = await by_turns(bench, p50, bodies.short(), scale.coding, shown)
        await asyncio.sleep(2 * scale.idle)  # what waited is drawn, and packed
        gaps = await gaps_while_busy(shown, scale.chunks)
        await asyncio.sleep(scale.idle / 4)
        idle = await idle_share(shown, scale.idle)
        memory = shown.memory()
    return [
        alone("start to first paint", "s", painted, 1.2),
        beside("short request with the dashboard, p50", "ms", p50s),
        alone("gap with the dashboard, 50 exchanges/s, p95", "ms", loads.p95(gaps), 15),
        alone("gap with the dashboard, 50 exchanges/s, max", "ms", max(gaps), 60),
        alone("idle dashboard, share of a processor", "%", idle, 2),
        alone(f"memory with the dashboard, {scale.exchanges:,} exchanges", "MB", memory, MOST_MB),
    ]


async def savings(bench: Bench) -> list[Row]:
    """What the savings screen reads when it opens: a month of a long ledger, and all of it."""
    path, count = bench.folder / "long.db", bench.scale.ledger
    Ledger(path).close(10)
    await asyncio.to_thread(lengthen, path, count)
    past, now = LedgerPast(path), time.time()
    times = {days: _looked(past, days, now) for days in (30, None)}
    path.unlink()
    work = f"the savings screen's look at {count:,} exchanges"
    return [
        alone(f"{work}, 30 days", "ms", times[30], 300),
        alone(f"{work}, all days", "ms", times[None], 300),
    ]


def _looked(past: LedgerPast, days: int | None, now: float) -> float:
    began = time.perf_counter()
    pages = look(past, "day", days, now)
    took = (time.perf_counter() - began) * 1000
    assert pages.rows, pages.problem
    return took


MEASURES = (
    latency,
    throughput,
    processor_time,
    stages_off,
    stage_times,
    stream_gaps,
    cache_hit,
    semantic_hit,
    start,
    savings,
    memory,
    screen,
    peers,
)


async def _keep_busy(url: str, chunks: int) -> None:
    """About 20 requests a second for as long as the stream takes."""
    for _ in range(chunks // 5):
        await loads.one_at_a_time(url, requests_of(bodies.short()), 1)
        await asyncio.sleep(0.05)


def _gap(work: str, bare: float, ours: float, most: float) -> Row:
    return Row(work, "ms", ours, bare, ours / bare, f"≤ {most:g} ms", ours <= most)
