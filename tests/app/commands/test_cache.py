"""`lynkr-tui cache clear` leaves nothing of what was asked and answered, proxy or no proxy."""

import asyncio
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import orjson
import pytest

from proxy.cache.exact import ExactCache
from proxy.dialects.model import Answer, Text, Usage
from tests.app.commands.running import run
from tests.support.program import serve
from tests.support.proxy import config_for
from tests.support.scripted import says
from tests.support.upstream import Upstream

SECRET = "the moon is made of basalt"
BODY = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "What is it?"}]}


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def leaves_of(folder: Path) -> list[str]:
    """The files in which the answer still stands."""
    return [one.name for one in folder.iterdir() if SECRET.encode() in one.read_bytes()]


def filled(folder: Path) -> None:
    cache = ExactCache(folder / "cache.db")
    cache.start()
    cache.put(b"key", Answer("a", "m", [Text(SECRET)], "end_turn", Usage()))
    cache.close()
    with closing(sqlite3.connect(folder / "semantic.db", isolation_level=None)) as db:
        db.execute("CREATE TABLE entries (text)")
        db.execute("INSERT INTO entries VALUES (?)", (SECRET,))
    (folder / "cache.db.broken-1").write_bytes(SECRET.encode())


def test_without_a_proxy_the_files_are_emptied(tmp_path: Path):
    filled(tmp_path)
    assert len(leaves_of(tmp_path)) == 3
    done = run("cache", "clear", "--data", tmp_path, "--port", unused_port(), home=tmp_path)
    assert done.stdout == "answers forgotten: 1 to equal requests, 1 to questions\n"
    assert leaves_of(tmp_path) == []


def test_where_nothing_was_kept_there_is_nothing_to_do(tmp_path: Path):
    done = run("cache", "clear", "--data", tmp_path, "--port", unused_port(), home=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])


def test_a_file_that_is_none_of_ours_is_told(tmp_path: Path):
    (tmp_path / "cache.db").write_bytes(b"no database" * 999)
    done = run("cache", "clear", "--data", tmp_path, "--port", unused_port(), home=tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path}/cache.db can't be emptied" in done.stderr


@pytest.mark.parametrize("semantic", ["true", "false"])
async def test_a_proxy_that_runs_forgets_in_memory_and_in_its_files(tmp_path: Path, semantic: str):
    async with Upstream(says(SECRET)) as upstream:
        config = config_for(upstream.url, more=f"[cache]\nsemantic = {semantic}\n")
        data = tmp_path / "data"
        data.mkdir()
        filled(data)
        async with serve(tmp_path, config) as running, aiohttp.ClientSession() as session:

            async def ask() -> str:
                url = f"{running.url}/v1/messages"
                async with session.post(url, data=orjson.dumps(BODY)) as answer:
                    assert SECRET in await answer.text()
                    return answer.headers["x-lynkr-cache"]

            assert [await ask(), await ask()] == ["miss", "exact"]
            port = running.url.rpartition(":")[2]
            done = await asyncio.to_thread(run, "cache", "clear", "--port", port, home=tmp_path)
            assert done.stdout.startswith("answers forgotten: 2 "), done.stderr
            async with asyncio.timeout(10):
                while leaves_of(data):
                    await asyncio.sleep(0.02)
            assert await ask() == "miss"
