"""What a client may do to the proxy: leave at any moment, read slowly, come in hundreds."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import aiohttp
import orjson
import pytest

from proxy.events import Completed, Failed, FirstToken, Received
from proxy.server import Server
from tests.proxy.faults import upstreams
from tests.proxy.faults.talk import ASKED
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream, stream

QUIET = "[cache]\nsemantic = false\nexact = false\n"
STREAM = orjson.dumps({**ASKED["anthropic"], "stream": True})
PLENTY = 64 * 2**20  # bytes: more than all sockets on the way can hold
CROWD = 500
POST = b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


def at_rest(server: Server) -> bool:
    return not server.house.load.requests and not server.house.load.size


async def waits_before(request, sent):
    """Says nothing at all."""
    await asyncio.sleep(60)


async def waits_within(request, sent):
    """Says half of it."""
    response = await stream(request, messages.events("m", [messages.text("Half")])[:3])
    await asyncio.sleep(60)
    return response


async def waits_with_a_call(request, sent):
    """Says half of a tool call, which is held back until it was looked at."""
    call = messages.call("toolu_1", "Read", path="a.py")
    response = await stream(request, messages.events("m", [messages.text("Well"), call])[:6])
    await asyncio.sleep(60)
    return response


@pytest.mark.parametrize("answer", [waits_before, waits_within, waits_with_a_call])
async def test_a_client_that_leaves_takes_the_upstream_call_with_it(
    answer, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    tool = {"name": "Read", "input_schema": {"type": "object"}}
    body = orjson.dumps({**ASKED["anthropic"], "stream": True, "tools": [tool]})
    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=QUIET)) as (server, heard),
        aiohttp.ClientSession() as session,
    ):
        asking = asyncio.ensure_future(  # noqa: TID251
            session.post(f"{server.url}/v1/messages", data=body)
        )
        await until(lambda: upstream.sent and (heard.of(FirstToken) or answer is waits_before))
        if asking.done():
            (await asking).close()
        asking.cancel()
        await until(lambda: upstream.gone and heard.of(Failed) and at_rest(server))
        assert [event.status for event in heard if isinstance(event, Failed)] == [499]
        assert not heard.of(Completed)
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_a_client_that_reads_nothing_holds_up_its_own_upstream_and_fills_no_memory(
    tmp_path: Path,
):
    said = 0
    piece = upstreams.comment(64 * 2**10)
    whole = messages.events("m", [messages.text("Hello")])

    async def pours(request, sent):
        nonlocal said
        response = await stream(request, whole[:1])
        while said < PLENTY:
            await response.write(piece)
            said += len(piece)
        for chunk in whole[1:]:
            await response.write(chunk)
        return response

    async with (
        Upstream(pours) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=QUIET)) as (server, heard),
        aiohttp.ClientSession(read_bufsize=2**12) as session,
    ):
        async with session.post(f"{server.url}/v1/messages", data=STREAM) as answer:
            before = -1
            while before != said:  # until nothing moves any more
                before = said
                await asyncio.sleep(0.3)
            assert said < PLENTY / 2, "the proxy took in what its client does not take"
            taken = 0
            async for chunk in answer.content.iter_any():
                taken, last = taken + len(chunk), chunk
        assert taken > PLENTY and last.endswith(whole[-1])
        await until(lambda: heard.of(Completed))


async def test_500_streams_at_once_are_all_answered(tmp_path: Path):
    everyone = asyncio.Event()

    async def together(request, sent):
        """Begins at once, goes on when all are there."""
        chunks = messages.events("m", [messages.text("Hello")])
        response = await stream(request, chunks[:3])
        await everyone.wait()
        for chunk in chunks[3:]:
            await response.write(chunk)
        return response

    async with (
        Upstream(together) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=QUIET)) as (server, heard),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):

        async def ask() -> bytes:
            async with session.post(f"{server.url}/v1/messages", data=STREAM) as answer:
                assert answer.status == 200
                return await answer.read()

        asking = asyncio.gather(*(ask() for _ in range(CROWD)))
        await until(lambda: len(heard.of(FirstToken)) == CROWD)
        assert server.house.load.requests == CROWD
        everyone.set()
        assert all(b"message_stop" in said for said in await asking)
        assert len(heard.of(Completed)) == CROWD and not heard.of(Failed)
        await until(lambda: at_rest(server))


# A request on the wire, by hand: what no HTTP library would send.


async def by_hand(server: Server, wire: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(wire)
    await writer.drain()
    return reader, writer


async def test_half_a_body_and_a_hang_up_is_nobodys_trouble(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    async with (
        Upstream(upstreams.well) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=QUIET)) as (server, heard),
    ):
        head = POST + b"Content-Length: %d\r\n\r\n"
        for cut in (0, 10, len(STREAM) - 1):
            _, writer = await by_hand(server, head % len(STREAM) + STREAM[:cut])
            await until(lambda: server.house.load.requests == 1)
            writer.close()
            await until(lambda: at_rest(server))
        assert not upstream.sent and not heard.of(Received)
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "wire",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS to a plain port
        b"hello\r\n\r\n",
        POST + b"Content-Length: -5\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x00" * 1_000,
    ],
)
async def test_what_is_no_http_is_hung_up_on(wire: bytes, tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9", more=QUIET)) as (server, heard):
        reader, writer = await by_hand(server, wire)
        async with asyncio.timeout(10):
            said = await reader.read()
        writer.close()
        assert said == b"" or said.startswith(b"HTTP/1.1 4") or said.startswith(b"HTTP/1.0 4")
        assert not heard
