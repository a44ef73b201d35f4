"""Damaged requests and answers on real sockets: no failure of ours, no hang, nothing is left."""

import asyncio
from itertools import islice
from pathlib import Path
from random import Random

import aiohttp
import orjson
import pytest
from aiohttp import web

from proxy.dialects.table import DIALECTS
from proxy.events import Completed, Failed
from proxy.providers import breaker
from tests.fuzz import seeds
from tests.fuzz.mutate import harmed, torn
from tests.proxy.faults import upstreams
from tests.proxy.faults.talk import ASKED, heard
from tests.proxy.faults.test_client import at_rest, until
from tests.soak.__main__ import CONFIG
from tests.soak.plans import TIERS
from tests.support.proxy import Heard, proxy
from tests.support.upstream import Sent, Upstream, stream

ROUNDS = 120  # requests of each sort, eight at a time
PATIENCE = 20.0  # seconds for one


async def play(url: str, asked: list[tuple[str, bytes, str]]) -> list[tuple[int, bytes]]:
    """Status and body of each answer; AssertionError if one is no answer and no error either."""

    async def one(dialect: str, body: bytes, tier: str) -> tuple[int, bytes]:
        path, headers = DIALECTS[dialect].path, {"x-lynkr-tier": tier, "x-lynkr-cache": "off"}
        async with session.post(url + path, data=body, headers=headers) as answer:
            said = await answer.read()
            streamed = answer.headers["content-type"].startswith("text/event-stream")
            heard(dialect, streamed, answer.status, answer.headers, said)
            return answer.status, said

    connector = aiohttp.TCPConnector(limit=8)
    async with (
        asyncio.timeout(ROUNDS * PATIENCE / 8),
        aiohttp.ClientSession(connector=connector) as session,
    ):
        return await asyncio.gather(*(one(*row) for row in asked))


def ended(events: Heard) -> int:
    return sum(isinstance(event, Completed | Failed) for event in events)


@pytest.mark.parametrize("seed", [1, 2])
async def test_damaged_requests(seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    dice, rows = Random(seed), seeds.bodies()
    chosen = [dice.choice(rows) for _ in range(ROUNDS)]
    asked = [(dialect, harmed(body, dice), dice.choice(TIERS)) for dialect, body in chosen]
    async with (
        Upstream(upstreams.well) as upstream,
        proxy(tmp_path, CONFIG.format(url=upstream.url)) as (server, events),
    ):
        told = await play(server.url, asked)
        await until(lambda: at_rest(server) and ended(events) == ROUNDS)
    assert not [(row, answer) for row, answer in zip(asked, told, strict=True) if answer[0] >= 500]
    assert {status for status, _ in told} >= {200, 400}
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("seed", [1, 2])
async def test_damaged_answers(
    seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    """Told on as far as they can be understood, else as the upstream's fault."""
    monkeypatch.setattr(breaker, "MOST_FAILURES", 2 * ROUNDS)  # each is asked
    dice = Random(seed)

    async def damages(request: web.Request, sent: Sent) -> web.StreamResponse:
        if sent.body.get("stream"):
            return await stream(request, [torn(b"".join(upstreams.chunks_of(sent)), dice)])
        damaged = harmed(upstreams.dumped(sent), dice)
        return web.Response(body=damaged, content_type="application/json")

    asked = [
        (name, orjson.dumps({**ASKED[name], "stream": dice.random() < 0.7}), dice.choice(TIERS))
        for name in islice(iter(lambda: dice.choice(list(DIALECTS)), None), ROUNDS)
    ]
    config = CONFIG.format(url="{url}").replace("times = 1", "times = 0")
    async with (
        Upstream(damages) as upstream,
        proxy(tmp_path, config.format(url=upstream.url)) as (server, events),
    ):
        told = await play(server.url, asked)
        await until(lambda: at_rest(server) and ended(events) == ROUNDS)
    assert {status for status, _ in told} <= {200, 502} and len(upstream.sent) == ROUNDS
    assert not [said for _, said in told if b"lynkr-tui failed" in said]
    assert not [record for record in caplog.records if record.exc_info]
