"""What the machine may do: a full disk, a locked file, a clock that jumps, a kill, a hang-up."""

import asyncio
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import aiohttp
import orjson
import pytest

from proxy.ledger.ledger import Ledger
from tests.proxy.faults import upstreams
from tests.proxy.faults.talk import ASKED
from tests.support.program import Running, serve
from tests.support.proxy import config_for
from tests.support.upstream import Upstream, stream

QUIET = "[cache]\nsemantic = false\n"


async def ask(session: aiohttp.ClientSession, url: str, number: int) -> str:
    """A question that none asked before; the id under which its exchange is in the books."""
    said = [{"role": "user", "content": f"What is the square root of {number}?"}]
    body = orjson.dumps({**ASKED["anthropic"], "messages": said, "stream": bool(number % 2)})
    async with session.post(f"{url}/v1/messages", data=body) as answer:
        heard = await answer.read()
        assert answer.status == 200 and b"Hello" in heard, heard
        return answer.headers["x-lynkr-request-id"]


async def ask_all(url: str, numbers: Iterable[int], at_once: int = 8) -> set[str]:
    """So many at a time; all have to be answered within 30 s."""
    async with (
        asyncio.timeout(30),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session,
    ):
        return set(await asyncio.gather(*(ask(session, url, number) for number in numbers)))


def rows(data: Path) -> dict[str, sqlite3.Row]:
    """The ledger's rows by id; AssertionError if its file or its sums are not whole."""
    with closing(sqlite3.connect(data / "ledger.db")) as db:
        db.row_factory = sqlite3.Row
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'daily'").fetchone():
            return {}
        assert tuple(db.execute("PRAGMA integrity_check").fetchone()) == ("ok",)
        db.execute("BEGIN")  # both are read as they stood at one moment
        found = {row["id"]: row for row in db.execute("SELECT * FROM exchanges")}
        assert (db.execute("SELECT sum(requests) FROM daily").fetchone()[0] or 0) == len(found)
        return found


async def written(data: Path, ids: set[str]) -> None:
    async with asyncio.timeout(20):
        while set(rows(data)) != ids:
            await asyncio.sleep(0.1)


def full_disk(running: Running) -> Callable[[], None]:
    """A limit on file size stands for the disk: no file can grow any further."""

    def limit(size: int) -> None:
        most = resource.RLIM_INFINITY
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size, most))

    limit(0)
    return lambda: limit(resource.RLIM_INFINITY)


def locked(running: Running) -> Callable[[], None]:
    """Another process holds the files."""
    held = [sqlite3.connect(path) for path in running.data.glob("*.db")]
    assert len(held) >= 2
    for db in held:
        db.execute("BEGIN EXCLUSIVE")

    def let_go() -> None:
        for db in held:
            db.close()

    return let_go


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits a running process")
@pytest.mark.parametrize("trouble", [full_disk, locked])
async def test_exchanges_go_on_while_nothing_can_be_written_and_none_is_lost(
    trouble: Callable[[Running], Callable[[], None]], tmp_path: Path
):
    async with (
        Upstream(upstreams.well) as upstream,
        serve(tmp_path, config_for(upstream.url, more=QUIET)) as running,
    ):
        ids = await ask_all(running.url, range(5))
        await written(running.data, ids)
        over = trouble(running)
        ids |= await ask_all(running.url, range(5, 25))
        over()
        ids |= await ask_all(running.url, range(25, 28))
        await written(running.data, ids)
        running.process.terminate()
        assert await running.process.wait() == 0


async def test_data_and_config_may_be_deleted_while_it_runs(tmp_path: Path):
    async with (
        Upstream(upstreams.well) as upstream,
        serve(tmp_path, config_for(upstream.url, more=QUIET)) as running,
    ):
        known = await ask_all(running.url, range(3))
        for path in [tmp_path / "config.toml", *running.data.iterdir()]:
            path.unlink()
        running.data.rmdir()
        ids = await ask_all(running.url, range(3, 6))
        async with asyncio.timeout(20):
            while not (running.data / "ledger.db").exists():
                await asyncio.sleep(0.05)
        await asyncio.sleep(1.2)  # the config is looked at each second
        ids |= await ask_all(running.url, range(6, 8))
        (tmp_path / "config.toml").write_text(
            config_for(upstream.url, more=QUIET).replace("up/small", "up/tiny")
        )
        async with asyncio.timeout(20):
            while upstream.sent[-1].body["model"] != "tiny":
                ids |= await ask_all(running.url, [len(upstream.sent)])
                await asyncio.sleep(0.1)
            while not ids <= set(rows(running.data)):
                await asyncio.sleep(0.1)
        assert set(rows(running.data)) <= ids | known


CLOCK = """
import pathlib, time
_real, _off = time.time, pathlib.Path({path!r})
time.time = lambda: _real() + float(_off.read_text())
"""


async def test_a_clock_that_jumps_spoils_no_exchange_and_no_figure(tmp_path: Path, monkeypatch):
    """By a day and back, as after a sleep, a wrong battery or a time server; in a real process."""
    off = tmp_path / "off"
    off.write_text("0")
    (tmp_path / "sitecustomize.py").write_text(CLOCK.format(path=str(off)))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parents[3]}")
    stepped = asyncio.Event()

    async def halts(request, sent):
        chunks = upstreams.chunks_of(sent)
        response = await stream(request, chunks[:2])
        await stepped.wait()
        for chunk in chunks[2:]:
            await response.write(chunk)
        return response

    async with (
        Upstream(halts) as upstream,
        serve(tmp_path, config_for(upstream.url, more=QUIET)) as running,
    ):
        ids = set()
        for number, jump in enumerate((86_400, -86_400, 0)):
            stepped.clear()
            under_way = asyncio.ensure_future(ask_all(running.url, [2 * number + 1]))  # noqa: TID251
            async with asyncio.timeout(20):
                while len(upstream.sent) <= number:
                    await asyncio.sleep(0.01)
            (tmp_path / "next").write_text(str(jump))
            (tmp_path / "next").replace(off)  # in one step: it is read at any moment
            stepped.set()
            ids |= await under_way
        await written(running.data, ids)
        kept = rows(running.data).values()
    assert all(0 <= row["latency_ms"] < 30_000 for row in kept), "milliseconds, by another clock"
    assert all(row["state"] == "done" for row in kept)


@pytest.mark.parametrize("streamed", [0, 1])
async def test_a_kill_in_mid_stream_loses_nothing_that_was_completed(streamed: int, tmp_path: Path):
    async def some_wait(request, sent):
        if "wait" in sent.body["messages"][0]["content"]:
            await stream(request, upstreams.chunks_of(sent)[:2])
            await asyncio.sleep(60)
        return await upstreams.well(request, sent)

    waits = {
        **ASKED["anthropic"],
        "stream": True,
        "messages": [{"role": "user", "content": "Please wait for me."}],
    }
    async with (
        Upstream(some_wait) as upstream,
        serve(tmp_path, config_for(upstream.url, more=QUIET)) as running,
        aiohttp.ClientSession() as session,
    ):
        for _ in range(5):
            answer = await session.post(f"{running.url}/v1/messages", data=orjson.dumps(waits))
            await answer.content.readany()
        ids = await ask_all(running.url, range(streamed, 40, 2))
        running.process.kill()
        await running.process.wait()
    ledger = Ledger(running.data / "ledger.db")
    assert ledger.flush(10) and ledger.close(10)
    assert set(rows(running.data)) == ids


async def test_few_descriptors_are_no_bound_for_streams(tmp_path: Path):
    """As under macOS, where a shell gives 256; each stream takes two."""
    everyone, crowd = asyncio.Event(), 200

    async def together(request, sent):
        chunks = upstreams.chunks_of(sent)
        response = await stream(request, chunks[:2])
        await everyone.wait()
        for chunk in chunks[2:]:
            await response.write(chunk)
        return response

    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with Upstream(together) as upstream:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, usual[1]))
        try:
            serving = serve(tmp_path, config_for(upstream.url, more=QUIET))
            running = await serving.__aenter__()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, usual)
        asking = asyncio.ensure_future(ask_all(running.url, range(1, 2 * crowd, 2), crowd))  # noqa: TID251
        async with asyncio.timeout(30):
            while len(upstream.sent) < crowd:
                await asyncio.sleep(0.02)
        everyone.set()
        assert len(await asking) == crowd
        await serving.__aexit__(None, None, None)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_it_in_good_order(number: signal.Signals, tmp_path: Path):
    async with (
        Upstream(upstreams.well) as upstream,
        serve(tmp_path, config_for(upstream.url, more=QUIET)) as running,
    ):
        ids = await ask_all(running.url, range(3))
        running.process.send_signal(number)
        assert await asyncio.wait_for(running.process.wait(), 10) == 0
    assert set(rows(running.data)) == ids
    assert not list(running.data.glob("*.pending"))


@pytest.mark.parametrize(
    ("reader", "options"), [("gone", []), ("asleep", []), ("asleep", ["--json"])]
)
async def test_nobody_has_to_read_what_it_prints(options: list[str], reader: str, tmp_path: Path):
    async with Upstream(upstreams.well) as upstream:
        (tmp_path / "config.toml").write_text(config_for(upstream.url, more=QUIET))
        with subprocess.Popen(
            [
                Path(sys.executable).with_name("lynkr-tui"),
                *("serve", "--config", tmp_path / "config.toml", "--data", tmp_path / "data"),
                *("--port", "0", *options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            try:
                assert process.stderr and process.stdout
                said = await asyncio.to_thread(process.stderr.readline)
                url = said.decode().split()[3].rstrip(";")
                if reader == "gone":
                    process.stdout.close()
                    process.stderr.close()
                ids = await ask_all(url, range(60 if options else 600))
                process.terminate()
                assert await asyncio.to_thread(process.wait, 10) == 0
            finally:
                process.kill()
    assert set(rows(tmp_path / "data")) == ids
