"""Whatever happens to the file or the embedder, a question is a miss and nothing fails."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from proxy.cache.embed import Embedder
from proxy.cache.guard import Sense
from proxy.cache.semantic.cache import SemanticCache
from proxy.cache.semantic.looked import Looked
from proxy.cache.semantic.question import Question
from proxy.dialects.model import Answer, Text, Usage
from tests.proxy.cache.semantic.senses import sense

ASKED = Question("how do I sort a list in python", b"p" * 32)
ANSWER = Answer("a", "m", [Text("Call sorted on it.")], "end_turn", Usage(10, 5))


class Ready(Embedder):
    """One that needs no process: what it gives depends on the text alone."""

    async def senses(self, texts: Sequence[str], patience: float = 0.5) -> list[Sense]:
        return [sense(text) for text in texts]


@asynccontextmanager
async def opened(path: Path, embedder: Embedder | None = None) -> AsyncIterator[SemanticCache]:
    cache = SemanticCache(path, embedder or Ready(), ttl=60, max_wrong=0.01, chance=lambda: 1.0)
    await cache.start()
    try:
        yield cache
    finally:
        await asyncio.to_thread(cache.close)


async def test_what_was_settled_is_found_also_after_a_restart(tmp_path: Path):
    for state in ("miss", "hit"):
        async with opened(tmp_path / "semantic.db") as cache:
            looked = await cache.find(ASKED)
            assert looked.state == state
            await cache.settle(ASKED, looked, ANSWER)
    assert looked.answer is not None and looked.answer.blocks == ANSWER.blocks


async def test_a_file_that_breaks_while_it_is_in_use_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "semantic.db"
    async with opened(path) as cache:
        await cache.settle(ASKED, Looked("miss", ""), ANSWER)
        await asyncio.to_thread(_checkpointed, path)
        path.write_bytes(b"no database" * 9_999)
        assert (await cache.find(ASKED)).state == "miss"
        await cache.settle(ASKED, Looked("miss", ""), ANSWER)
        await cache.settle(ASKED, Looked("miss", ""), ANSWER)
        assert (await cache.find(ASKED)).state == "hit"
    assert "set aside as semantic.db.broken-" in caplog.text


def _checkpointed(path: Path) -> None:
    """Nothing is left in the journal, so that the file alone is read."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def test_without_an_embedder_nothing_is_found_and_nothing_kept(tmp_path: Path):
    async with opened(tmp_path / "semantic.db", Embedder(command=["/nowhere"])) as cache:
        await cache.settle(ASKED, await cache.find(ASKED), ANSWER)
        assert (await cache.find(ASKED)).state == "miss"
        assert await cache.clear() == 0


async def test_where_the_file_can_not_be_made_all_are_misses(tmp_path: Path):
    (tmp_path / "file").write_text("")
    async with opened(tmp_path / "file" / "semantic.db") as cache:
        await cache.settle(ASKED, await cache.find(ASKED), ANSWER)
        assert (await cache.find(ASKED)).state == "miss"
