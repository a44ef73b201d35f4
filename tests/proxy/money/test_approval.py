"""What is likely to cost more than a person wants waits for that person's word."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from proxy.config.load import ConfigError, parse
from proxy.events import ApprovalAsked, ApprovalGiven, Failed
from proxy.server import Server
from tests.support import messages
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Upstream

PRICES = '[prices."up/*"]\ninput = 100.0\noutput = 100.0\ncache_read = 1.0\ncache_write = 125.0\n'
HI = {"role": "user", "content": "hi"}
LONG = {"role": "user", "content": "what does this say? " + "word " * 4_000}


def approval(**fields: Any) -> str:
    rows = (f"{name} = {value}" for name, value in {"dollars": 0.2, **fields}.items())
    return "\n".join(["[approval]", *rows, PRICES])


async def ask(server: Server, *said: dict[str, str]) -> tuple[int, str]:
    body = {"model": "m", "max_tokens": 9, "messages": list(said)}
    headers = {"x-lynkr-cache": "off"}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{server.url}/v1/messages", json=body, headers=headers) as got,
    ):
        return got.status, await got.text()


async def waiting(server: Server, many: int = 1) -> tuple[str, ...]:
    while len(server.house.approvals.waiting) < many:
        await asyncio.sleep(0.01)
    return server.house.approvals.waiting


def asked(heard: Heard) -> list[float]:
    return [told.dollars for told in heard.of(ApprovalAsked) if isinstance(told, ApprovalAsked)]


async def test_a_dear_request_waits_and_goes_when_a_person_says(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=approval())) as (server, heard),
    ):
        server.house.approvals.switch(True)
        call = server.house.tasks.spawn(ask(server, LONG), "ask")
        [id] = await waiting(server)
        assert upstream.sent == [], "nothing has been sent"
        assert (await ask(server, HI))[0] == 200, "a cheap one does not wait"
        assert server.house.approvals.decide(id, True)
        assert (await call)[0] == 200
        assert [told.id for told in heard.of(ApprovalGiven)] == [id]
        assert asked(heard)[0] > 0.2
        assert not server.house.approvals.decide(id, True), "it waits no more"


async def test_a_refused_one_is_told_so_and_never_sent(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=approval())) as (server, heard),
    ):
        server.house.approvals.switch(True)
        call = server.house.tasks.spawn(ask(server, LONG), "ask")
        [id] = await waiting(server)
        server.house.approvals.decide(id, False)
        status, text = await call
        assert status == 402 and "the person at the dashboard refused it" in text
        assert upstream.sent == []
        assert [told.id for told in heard.of(Failed)] == [id]


async def test_where_nobody_says_anything_it_goes(tmp_path: Path):
    config = approval(seconds=0.2)
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=config)) as (server, heard),
    ):
        server.house.approvals.switch(True)
        assert (await ask(server, LONG))[0] == 200
        assert len(asked(heard)) == 1 and server.house.approvals.waiting == ()


async def test_switched_off_nothing_waits_and_what_waited_goes(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=approval())) as (server, heard),
    ):
        assert (await ask(server, LONG))[0] == 200
        assert asked(heard) == [], "nobody is there to be asked"
        server.house.approvals.switch(True)
        calls = [server.house.tasks.spawn(ask(server, LONG), "ask") for _ in range(2)]
        await waiting(server, 2)
        server.house.approvals.switch(False)
        assert [status for status, _ in await asyncio.gather(*calls)] == [200, 200]


async def test_a_client_that_leaves_waits_no_more(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=approval())) as (server, heard),
    ):
        server.house.approvals.switch(True)
        call = server.house.tasks.spawn(ask(server, LONG), "ask")
        await waiting(server)
        call.cancel()
        while server.house.approvals.waiting:
            await asyncio.sleep(0.01)
        while not heard.of(Failed):
            await asyncio.sleep(0.01)
        assert upstream.sent == []


async def test_a_conversation_under_way_is_reckoned_to_be_cached(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=approval())) as (server, heard),
    ):
        server.house.approvals.switch(True)
        later = (LONG, {"role": "assistant", "content": "Words."}, HI)
        assert (await ask(server, *later))[0] == 200
        assert asked(heard) == []


async def test_without_a_known_price_or_without_a_limit_nothing_waits(tmp_path: Path):
    for name, more in (("a", "[approval]\ndollars = 0.0001\n"), ("b", PRICES)):
        async with (
            Upstream(messages.says_hello) as upstream,
            proxy(_made(tmp_path / name), config_for(upstream.url, more=more)) as (server, _),
        ):
            server.house.approvals.switch(True)
            assert (await ask(server, LONG))[0] == 200


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize("row", ["dollars = 0", "seconds = 300"])
def test_a_limit_that_can_not_hold_is_refused(row: str):
    with pytest.raises(ConfigError, match="approval"):
        parse(config_for("http://127.0.0.1:1", more=f"[approval]\n{row}\n"))
