"""The embedder gives vectors from its own process; its absence fails and slows no request."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import numpy as np

from proxy.cache.embed import Embedder
from proxy.tasks import Tasks

READY = "import sys, struct, time\n" + (
    "def say(b): sys.stdout.buffer.write(struct.pack('>I', len(b)) + b)\n"
    "say(b'{}'); say(b''); sys.stdout.buffer.flush()\n"
)


@asynccontextmanager
async def running(command: Sequence[str] = (), stuck: float = 60) -> AsyncIterator[Embedder]:
    embedder = Embedder(command=command, stuck=stuck)
    tasks = Tasks()
    tasks.spawn(embedder.run(), "embedder")
    try:
        yield embedder
    finally:
        await tasks.end()


async def reaches(embedder: Embedder, state: str) -> None:
    async with asyncio.timeout(100):
        while embedder.state != state:
            await asyncio.sleep(0.02)


def script(code: str) -> list[str]:
    return [sys.executable, "-c", READY + code]


async def test_the_shipped_model_gives_vectors_and_comes_back_when_it_is_killed():
    async with running() as embedder:
        assert await embedder.senses(["too early"]) == []
        await reaches(embedder, "ready")
        one, other, far = await embedder.senses(
            ["How do I enable SSH?", "How can I turn on ssh?", "Bake a cake"], patience=20
        )
        assert [one.text[a:b] for a, b in one.spans][:4] == ["How", "do", "I", "enable"]
        assert one.tokens.shape == (len(one.spans), one.vector.size)
        assert abs(float(np.linalg.norm(one.vector)) - 1) < 1e-3
        assert one.vector @ other.vector > 0.7 > one.vector @ far.vector
        many = await asyncio.gather(*(embedder.senses([f"text {n}"], 20) for n in range(70)))
        assert [senses[0].text for senses in many] == [f"text {n}" for n in range(70)]
        assert embedder.pid is not None
        os.kill(embedder.pid, signal.SIGKILL)
        await reaches(embedder, "down")
        assert await embedder.senses(["meanwhile"]) == []
        await reaches(embedder, "ready")
        assert len(await embedder.senses(["again"], patience=20)) == 1
    assert embedder.pid is None


async def test_one_that_can_not_start_is_down():
    async with running(["/nowhere/python"]) as embedder:
        await reaches(embedder, "down")
        assert await embedder.senses(["anything"]) == []


async def test_one_that_is_slow_is_left_alone_and_one_that_says_nothing_is_ended():
    async with running(script("time.sleep(600)"), stuck=0.2) as embedder:
        await reaches(embedder, "ready")
        assert await embedder.senses(["anything"], patience=0.01) == []
        assert embedder.state == "ready"
        assert await embedder.senses(["anything"], patience=0.3) == []
        await reaches(embedder, "down")


async def test_one_that_talks_nonsense_is_ended():
    async with running(script("sys.stdin.buffer.read(5); say(b'[]x'); say(b'')")) as embedder:
        await reaches(embedder, "ready")
        assert await embedder.senses(["anything"], patience=5) == []
        await reaches(embedder, "down")
