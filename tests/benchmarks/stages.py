"""What each stage takes: by when it told of its end, and by what is spared with it turned off."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any, Final

import aiohttp
import orjson

from tests.benchmarks import bodies, loads, processes
from tests.benchmarks.rows import Row, alone, beside
from tests.benchmarks.turns import Bench, by_turns, p50, requests_of
from tests.support.proxy import config_for

# What can be turned off, by its settings in the config.
OFF: Final = {
    "caches off": "[cache]\nexact = false\nsemantic = false\nprompt = false",
    "tools as they came": "[tools]\nstrip = false",
    "results as they came": '[compression]\nlevel = "off"',
    "calls not checked": "[guard]\ncalls = false",
}
ALL_OFF: Final = "all of these off"

# Each event that a stage ends with, and the work since the one before.
STAGES: Final = {
    "Scored": "reading and scoring",
    "Routed": "routing",
    "Rewritten": "looking into the cache, rewriting",
    "FirstToken": "sending, counting, to the answer's first byte",
    "Completed": "the rest of the answer, pricing",
}
TOLD: Final = 150  # exchanges; the proxy keeps the events of about 200


async def stages_off(bench: Bench) -> list[Row]:
    """A coding agent's request with one stage after the other turned off, then with all of them."""
    off = OFF | {ALL_OFF: "\n".join(OFF.values())}
    return [await _without(bench, name, more) for name, more in off.items()]


async def _without(bench: Bench, name: str, more: str) -> Row:
    folder = bench.folder / name.replace(" ", "-")
    command = processes.proxy(folder, config_for(bench.upstream.url, more=more))
    async with processes.running(command, folder / "log") as proxy:
        pairs = await by_turns(bench, p50, bodies.coding(), bench.scale.coding, proxy)
    return beside(f"50 KB streamed, {name}, p50", "ms", pairs)


async def stage_times(bench: Bench) -> list[Row]:
    """Medians of what the events tell, of short and of coding requests."""
    rows = []
    for name, body in (("short", bodies.short()), ("50 KB", bodies.coding())):
        times = min(TOLD, bench.scale.coding)
        await loads.one_at_a_time(bench.proxy.url, requests_of(body), times)
        took = list(map(_by_stage, (await _told(bench.proxy.url, times)).values()))
        rows += [
            alone(f"{name}: {work}", "ms", median(one[event] for one in took if event in one))
            for event, work in STAGES.items()
        ]
    return rows


async def _told(url: str, exchanges: int) -> dict[str, list[dict[str, Any]]]:
    """The events of the last so many exchanges that ended, by exchange."""
    found: dict[str, list[dict[str, Any]]] = {}
    ended = 0
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/lynkr/events?recent={exchanges}") as feed,
    ):
        async for line in feed.content:
            if not line.startswith(b"data: {"):
                continue
            event = orjson.loads(line.removeprefix(b"data: "))
            found.setdefault(event.get("id", ""), []).append(event)
            ended += event["event"] == "Completed"
            if ended == exchanges:
                break
    return found


def _by_stage(events: list[dict[str, Any]]) -> dict[str, float]:
    """Milliseconds of each stage of one exchange, by the event that it ended with."""
    stages = [one for one in events if one["event"] in ("Received", *STAGES)]
    return dict(_between(stages))


def _between(events: list[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    for earlier, later in pairwise(events):
        yield later["event"], (later["at"] - earlier["at"]) * 1000
