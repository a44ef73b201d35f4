"""The semantic cache starts with the screen, and follows the config without a restart."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.support.proxy import config_for, proxy


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not so():
            await asyncio.sleep(0.02)


def config(cache: str) -> str:
    return config_for("http://127.0.0.1:9", more=f"[cache]\n{cache}\n")


async def test_the_embedder_starts_and_ends_as_the_config_says(tmp_path: Path):
    off, on = config("semantic = false"), config("semantic = true\nttl = 60\nmax_wrong = 0.5")
    async with proxy(tmp_path, off) as (server, _):
        house = server.house
        assert house.semantic is not None
        embedder = house.semantic.embedder

        def runs() -> bool:
            return any(task.get_name() == "embedder" for task in house.tasks.running)

        house.wake()
        assert embedder.state == "off" and not runs()
        (tmp_path / "config.toml").write_text(on)
        await until(lambda: embedder.state == "warming" and runs())
        assert house.cache.ttl == 60
        (tmp_path / "config.toml").write_text(off)
        await until(lambda: not runs())


async def test_nothing_is_started_before_the_screen_is_up(tmp_path: Path):
    async with proxy(tmp_path, config("semantic = true")) as (server, _):
        await asyncio.sleep(0)
        assert server.house.semantic is not None
        assert server.house.semantic.embedder.state == "off"


async def test_another_model_has_entries_of_its_own(tmp_path: Path):
    async with proxy(tmp_path, config("semantic = false")) as (server, _):
        first = server.house.semantic
        (tmp_path / "config.toml").write_text(config('semantic = false\nmodel = "/other"'))
        await until(lambda: server.house.semantic is not first)
