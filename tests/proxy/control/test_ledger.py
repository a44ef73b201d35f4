"""The ledger's exchanges over the control API: the same as the ledger tells, and no text."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.server import Server
from tests.proxy.control.test_api import QUESTION, call
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream


@asynccontextmanager
async def answered(folder: Path, times: int = 3) -> AsyncIterator[Server]:
    """A proxy whose ledger has so many exchanges, their texts too."""
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(folder, config_for(upstream.url, more="[ledger]\nkeep_text = true\n")) as (server, _),
    ):
        for _ in range(times):
            await call("POST", f"{server.url}/v1/messages", QUESTION)
        async with asyncio.timeout(20):
            while (await listed(server))["behind"]["count"] < times:
                await asyncio.sleep(0.05)
        yield server


async def listed(server: Server, query: str = "size=9") -> Any:
    status, said = await call("GET", f"{server.url}/lynkr/exchanges?{query}")
    assert status == 200, said
    return said


async def test_pages_stay_as_they_were_and_tell_no_text(tmp_path: Path):
    async with answered(tmp_path) as server:
        said = await listed(server, "size=2")
        assert said["behind"]["count"] == 3 and len(said["exchanges"]) == 2
        last = said["behind"]["last"]
        await call("POST", f"{server.url}/v1/messages", QUESTION | {"max_tokens": 7})
        async with asyncio.timeout(20):
            while (await listed(server))["behind"]["count"] < 4:
                await asyncio.sleep(0.05)
        rest = await listed(server, f"size=9&start=2&last={last}")
        assert len(rest["exchanges"]) == 1
        id = rest["exchanges"][0]["id"]
        _, one = await call("GET", f"{server.url}/lynkr/exchanges/{id}")
        assert one["exchange"]["id"] == id and one["exchange"]["tier"] == "SIMPLE"
        assert (await call("GET", f"{server.url}/lynkr/exchanges/none"))[1] == {"exchange": None}
        for text in ("sky", "Hello from upstream"):
            assert text not in str(said) + str(rest) + str(one)


async def test_a_column_narrows_it(tmp_path: Path):
    async with answered(tmp_path, 1) as server:
        assert (await listed(server, "column=tier&key=SIMPLE"))["behind"]["count"] == 1
        assert (await listed(server, "column=tier&key=COMPLEX"))["behind"]["count"] == 0
        assert (await listed(server, "since=0&until=9"))["behind"]["count"] == 0


async def test_what_was_spent_is_told(tmp_path: Path):
    async with answered(tmp_path, 1) as server:
        _, said = await call("GET", f"{server.url}/lynkr/spending")
    assert said["windows"]["day"]["up"]["tokens"] == 120 + 80 + 25


@pytest.mark.parametrize(
    "query",
    ["column=at;DROP", "column=cost", "since=soon", "until=nan", "start=-1", "size=x", "last=1e3"],
)
async def test_what_can_not_be_asked_is_named(tmp_path: Path, query: str):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        status, said = await call("GET", f"{server.url}/lynkr/exchanges?{query}")
    assert status == 400 and said["error"]["message"].startswith(query.partition("=")[0])
