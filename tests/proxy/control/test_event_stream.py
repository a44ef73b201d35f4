"""GET /lynkr/events over a real socket: what came before, where one was, and what one missed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession

from proxy.control.lately import Lately
from proxy.dialects.sse import SseReader
from proxy.events import Completed, FirstToken, Received, Retried
from proxy.routing.table import Target
from proxy.server import Server
from tests.proxy.test_server import QUESTION, post
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

TARGET = Target("up", "m")


class Stream:
    """What a reader was told, as (name, JSON)."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._reader = SseReader()
        self.told: list[tuple[str, Any]] = []

    @property
    def last_id(self) -> str:
        return self._reader.last_id.decode()

    async def until(self, name: str, times: int = 1) -> list[tuple[str, Any]]:
        """All so far, once `name` was told so many times."""
        async with asyncio.timeout(20):
            while sum(one == name for one, _ in self.told) < times:
                chunk = await anext(self._chunks)
                self.told += [(one, orjson.loads(data)) for one, data in self._reader.feed(chunk)]
        return self.told


@asynccontextmanager
async def listening(server: Server, query: str = "", last: str = "") -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": last} if last else {}
    async with (
        ClientSession(read_bufsize=1024) as session,
        session.get(f"{server.url}/lynkr/events{query}", headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        yield Stream(answer.content.iter_any())


def begin(server: Server, id: str) -> None:
    server.house.bus.publish(
        Received(
            id=id,
            at=1.0,
            session="s",
            client="c",
            dialect="anthropic",
            asked_model="m",
            stream=True,
            turns=1,
            tools=0,
        )
    )


def publish(server: Server, count: int, why: str = "x", id: str = "open") -> None:
    for _ in range(count):
        server.house.bus.publish(Retried(id=id, at=1.0, target=TARGET, wait=0.0, why=why))


async def test_who_comes_later_is_told_the_last_exchanges_once_and_in_order(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        for _ in range(3):
            await post(f"{server.url}/v1/messages", QUESTION)
        async with listening(server, "?recent=2") as stream:
            before = await stream.until("InStep")
            assert before[-1] == ("InStep", {"event": "InStep", "missed": 0, "open": []})
            await post(f"{server.url}/v1/messages", QUESTION)
            told = await stream.until("Completed", 3)
        ids = [said["id"] for name, said in told if name != "InStep"]
        assert ids == [event.id for event in heard if event.id in ids]
        assert len(set(ids)) == 3 and heard[0].id not in ids


async def test_who_comes_back_goes_on_where_it_was(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        begin(server, "open")
        async with listening(server, "?recent=9") as stream:
            publish(server, 1, "first")
            await stream.until("Retried")
            last = stream.last_id
        publish(server, 1, "second")
        async with listening(server, "?recent=9", last) as stream:
            told = await stream.until("InStep")
        assert [name for name, _ in told] == ["Retried", "InStep"]
        assert told[0][1]["why"] == "second"
        assert told[1][1] == {"event": "InStep", "missed": 0, "open": ["open"]}
        async with listening(server, "?recent=9", "another-7") as stream:
            told = await stream.until("InStep")
        assert [name for name, _ in told] == ["Received", "Retried", "Retried", "InStep"]


async def test_a_reader_that_does_not_read_delays_nothing_and_is_told_what_it_missed(
    tmp_path: Path,
):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        server.house.lately = Lately(100)
        server.house.bus.subscribe(server.house.lately)
        async with listening(server) as stream:
            begin(server, "open")
            for _ in range(200):  # until the socket is full, and then some
                publish(server, 50, "x" * 2_000)
                await asyncio.sleep(0)
            status, _, _ = await post(f"{server.url}/v1/messages", QUESTION)
            assert status == 200
            told = await stream.until("InStep")
        (said,) = [said for name, said in told if name == "InStep"]
        others = [name for name, _ in told if name != "InStep"]
        assert said["missed"] > 0 and said["open"] == ["open"]
        assert said["missed"] + len(others) == server.house.lately.next
        assert others[-1] == "Completed"


@pytest.mark.parametrize("recent", ["-1", "many", "1001", "9" * 5000])
async def test_a_recent_that_is_no_number_is_refused(tmp_path: Path, recent: str):
    async with (
        proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _),
        ClientSession() as session,
        session.get(f"{server.url}/lynkr/events?recent={recent}") as answer,
    ):
        assert answer.status == 400 and "recent" in await answer.text()


async def test_a_foreign_page_is_told_nothing(tmp_path: Path):
    async with (
        proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _),
        ClientSession() as session,
        session.get(
            f"{server.url}/lynkr/events?recent=9", headers={"Origin": "https://evil.example"}
        ) as answer,
    ):
        assert answer.status == 403


def test_what_is_kept_is_bounded_and_numbered():
    lately = Lately(kept=3)
    for number in range(5):
        lately(FirstToken(id=str(number), at=1.0, latency=1.0))
    assert (lately.first, lately.next) == (2, 5)
    assert [number for number, _ in lately.since(0, 2)] == [2, 3]
    assert [number for number, _ in lately.since(4, 9)] == [4]
    assert lately.since(5, 9) == [] and lately.open == ()
    assert [one.id for _, one in lately.recent(9)] == [], "their beginning is kept no more"


def test_what_ended_is_under_way_no_more():
    lately = Lately()
    told = dict(at=1.0, session="s", client="c", dialect="d", asked_model="m")
    for id in ("a", "b"):
        lately(Received(id=id, **told, stream=False, turns=1, tools=0))  # type: ignore[arg-type]
    ended: dict[str, Any] = dict.fromkeys(("usage", "before", "after", "cost", "cost_asked"))
    lately(Completed(id="a", at=2.0, status=200, latency=1.0, **ended))
    assert lately.open == ("b",)
