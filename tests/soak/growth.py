"""`python -m tests.soak.growth`: what a request costs when much has gone before it.

Each row sets a proxy with little behind it beside one with a lot, or the same one early and late,
by turns, in processor time: less shaken by a busy machine than the clock.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import orjson
import uvloop

from proxy.cache.exact import ExactCache
from proxy.dialects.model import Answer, Text, Usage
from proxy.ledger.ledger import Ledger
from proxy.ledger.refill import filled
from proxy.ledger.rows import COLUMNS, DAILY_KEY, HOURLY_KEY, SESSIONS_KEY
from tests.benchmarks import bodies, loads, processes
from tests.benchmarks.processes import Process
from tests.benchmarks.rows import Row, beside, markdown
from tests.benchmarks.wire import connect, post
from tests.proxy.told import feed, whole
from tests.support.proxy import config_for

FLAT = 1.25  # times what it cost at first; the figures of two runs differ by a tenth


@dataclass(frozen=True, slots=True)
class Scale:
    """How much has gone before."""

    exchanges: int = 100_000
    rows: int = 1_000_000  # of the ledger
    entries: int = 10_000  # of the cache
    sessions: int = 1_000
    turns: int = 500  # of one session
    rounds: int = 5  # of which the median counts
    asked: int = 400  # requests a round


@dataclass(frozen=True, slots=True)
class Stage:
    upstream: Process
    folder: Path
    scale: Scale

    @asynccontextmanager
    async def proxy(self, name: str) -> AsyncIterator[Process]:
        """One of its own, with its data in a folder of that name; warm."""
        command = processes.proxy(self.folder / name, config_for(self.upstream.url))
        async with processes.running(command, self.folder / f"{name}.log") as one:
            await loads.at_once(one.url, _short(), 300)
            yield one


_numbers = count(1)


def _short(sessions: int = 1) -> Iterator[bytes]:
    """Short questions, no two the same, from so many sessions by turns."""
    for number, body in enumerate(bodies.numbered(bodies.short())):
        body = body.replace(b"sky blue?", b"sky blue? %d" % next(_numbers))
        yield post(body, x_lynkr_session=f"session-{number % sessions}")


async def _cost(one: Process, requests: Iterator[bytes], times: int) -> float:
    """Milliseconds of processor time a request, all threads."""
    before = one.cpu()
    await loads.one_at_a_time(one.url, requests, times)
    await asyncio.sleep(0.2)  # the ledger and the caches write behind
    return (one.cpu() - before) * 1000 / times


async def _by_turns(stage: Stage, little: Process, much: Process) -> list[tuple[float, float]]:
    asked, pairs = stage.scale.asked, []
    for _ in range(stage.scale.rounds):
        pairs.append((await _cost(little, _short(), asked), await _cost(much, _short(), asked)))
    return pairs


async def ledger(stage: Stage) -> Row:
    """A ledger with many rows beside an empty one."""
    fill_ledger(stage.folder / "full" / "data" / "ledger.db", stage.scale.rows)
    async with stage.proxy("empty") as little, stage.proxy("full") as much:
        pairs = await _by_turns(stage, little, much)
    return beside(f"a ledger of {stage.scale.rows:,} rows", "ms", pairs, "≤", FLAT)


async def cache(stage: Stage) -> Row:
    """A cache with many answers beside an empty one."""
    fill_cache(stage.folder / "cached" / "data" / "cache.db", stage.scale.entries)
    async with stage.proxy("uncached") as little, stage.proxy("cached") as much:
        pairs = await _by_turns(stage, little, much)
    return beside(f"{stage.scale.entries:,} cached answers", "ms", pairs, "≤", FLAT)


async def sessions(stage: Stage) -> Row:
    """Many sessions by turns beside one, at the same proxy."""
    many, pairs = stage.scale.sessions, []
    async with stage.proxy("sessions") as one:
        await loads.at_once(one.url, _short(many), many)
        for _ in range(stage.scale.rounds):
            single = await _cost(one, _short(), stage.scale.asked)
            pairs.append((single, await _cost(one, _short(many), stage.scale.asked)))
    return beside(f"{many:,} sessions by turns", "ms", pairs, "≤", FLAT)


async def turns(stage: Stage) -> Row:
    """The last fifth of a long session beside its second fifth, by the kilobyte."""
    fifth, spent = stage.scale.turns // 5, []
    async with stage.proxy("turns") as one:
        for number in range(5):
            asked = [conversation(number * fifth + at) for at in range(fifth)]
            before = one.cpu()
            connection = await connect(one.url)
            for body in asked:
                await connection.ask(post(body, x_lynkr_session="long"))
            connection.close()
            spent.append((one.cpu() - before) * 1000 / (sum(map(len, asked)) / 1024))
    work = f"a session of {stage.scale.turns:,} turns, a kilobyte"
    return beside(work, "ms", [(spent[1], spent[4])], "≤", FLAT)


async def exchanges(stage: Stage) -> Row:
    """The same proxy before and after many exchanges."""
    async with stage.proxy("exchanges") as one:
        rounds, asked = stage.scale.rounds, stage.scale.asked
        early = [await _cost(one, _short(), asked) for _ in range(rounds)]
        await loads.at_once(one.url, _short(), stage.scale.exchanges)
        await asyncio.sleep(1)
        late = [await _cost(one, _short(), asked) for _ in range(rounds)]
    pairs = list(zip(early, late, strict=True))
    return beside(f"after {stage.scale.exchanges:,} exchanges", "ms", pairs, "≤", FLAT)


MEASURES = (ledger, cache, sessions, turns, exchanges)


def conversation(turns: int) -> bytes:
    """A chat of so many questions answered, and one more, about half a kilobyte each."""
    said = "The sky scatters short waves more than long ones; at dusk the way is long. " * 3
    messages = []
    for number in range(turns):
        messages.append({"role": "user", "content": f"What of colour {number}? {said}"})
        messages.append({"role": "assistant", "content": f"Colour {number}: {said}"})
    messages.append({"role": "user", "content": f"And of the last, {turns}?"})
    return orjson.dumps({"model": bodies.MODEL, "max_tokens": 256, "messages": messages})


def fill_ledger(path: Path, rows: int) -> None:
    """A ledger of so many rows: one exchange, told again and again, half a minute apart."""
    ledger = Ledger(path)
    feed(ledger, whole("first"))
    assert ledger.close(20) and not ledger.problem
    others = {"id": "hex(randomblob(16))", "at": "at - n * 30", "session": "'s' || (n % 1000)"}
    chosen = ", ".join(others.get(name, name) for name in COLUMNS)
    numbers = "WITH RECURSIVE seq(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < ?)"
    with closing(sqlite3.connect(path)) as db, db:
        insert = f"INSERT INTO exchanges ({', '.join(COLUMNS)}) {numbers}"
        db.execute(f"{insert} SELECT {chosen} FROM exchanges, seq WHERE id = 'first'", (rows - 1,))
        for table, key in (
            ("daily", DAILY_KEY),
            ("hourly", HOURLY_KEY),
            ("sessions", SESSIONS_KEY),
        ):
            db.execute(f"DELETE FROM {table}")
            db.execute(filled(table, key))


def fill_cache(path: Path, entries: int) -> None:
    """A cache with so many answers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = ExactCache(path)
    kept.start()
    for number in range(entries):
        text = Text(f"Answer {number}. " * 20)
        answer = Answer(str(number), "m", [text], "end_turn", Usage(input=100, output=80))
        assert kept.put(number.to_bytes(16, "big"), answer)
    kept.close()


async def measure(folder: Path, scale: Scale, only: str = "") -> list[Row]:
    """All rows, or those of the measures whose name contains `only`."""
    command = processes.module("upstream")
    async with processes.running(command, folder / "upstream.log") as upstream:
        stage = Stage(upstream, folder, scale)
        return [await one(stage) for one in MEASURES if only in one.__name__]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.growth", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAME", help="one of them, such as ledger")
    parser.add_argument("--part", type=int, default=1, help="a so many-th part of everything")
    options = parser.parse_args()
    full, part = Scale(), options.part
    scale = replace(
        full,
        exchanges=full.exchanges // part,
        rows=full.rows // part,
        entries=full.entries // part,
    )
    with tempfile.TemporaryDirectory() as folder:
        rows = uvloop.run(measure(Path(folder), scale, options.only))
    table = markdown(rows).replace("| bare | lynkr-tui |", "| at first | later |")
    print(table.replace("× bare", "× at first"))
    sys.exit(not all(row.met for row in rows))


if __name__ == "__main__":
    main()
