"""A provider is asked no faster than its row in the config says."""

import asyncio
import time

import aiohttp
import pytest

from proxy.config.load import ProviderConfig
from proxy.errors import NotSent
from proxy.providers import limits
from proxy.providers.base import Call
from proxy.providers.http import HttpProvider, new_session
from proxy.providers.limits import Limits
from tests.support import chat
from tests.support.upstream import Upstream


def config(**words: int) -> ProviderConfig:
    return ProviderConfig.model_validate({"kind": "openai_compatible", **words})


async def passed(limit: Limits, body: bytes, seconds: float) -> int:
    """How many calls with this body were let through within so many seconds."""
    count = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                await limit.wait(body)
                count += 1
                await asyncio.sleep(0)
    except TimeoutError:
        return count


@pytest.fixture
def _short_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MINUTE", 0.6)


@pytest.mark.usefixtures("_short_minute")
async def test_a_minutes_requests_may_go_at_once_and_then_evenly() -> None:
    limit = Limits("up", config(rpm=6))
    assert await passed(limit, b"", 0.05) == 6
    assert 2 <= await passed(limit, b"", 0.4) <= 5


@pytest.mark.usefixtures("_short_minute")
async def test_tokens_are_counted_by_the_size_of_the_body() -> None:
    assert await passed(Limits("up", config(tpm=100)), b"x" * 80, 0.05) == 5


async def test_a_body_larger_than_a_minutes_tokens_goes_when_the_bucket_is_empty() -> None:
    limit = Limits("up", config(tpm=100))
    async with asyncio.timeout(1):
        await limit.wait(b"x" * 100_000)
    assert await passed(limit, b"x", 0.05) == 0


async def test_a_call_whose_turn_does_not_come_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 0.05)
    limit = Limits("up", config(rpm=1))
    await limit.wait(b"")
    with pytest.raises(NotSent, match="provider up: more is asked of it than its rpm") as told:
        await limit.wait(b"")
    assert told.value.status == 429


async def test_without_limits_nothing_waits() -> None:
    limit, began = Limits("up", config()), time.perf_counter()
    for _ in range(1000):
        await limit.wait(b"x" * 1000)
    assert time.perf_counter() - began < 0.5


@pytest.mark.usefixtures("_short_minute")
async def test_a_provider_keeps_its_limit_whoever_asks() -> None:
    async with Upstream(chat.says_hello) as upstream, new_session() as session:
        assert isinstance(session, aiohttp.ClientSession)
        row = config(rpm=2).model_copy(update={"base_url": upstream.url})
        provider = HttpProvider("up", row, session)
        call = Call("/v1/chat/completions", b'{"model":"m"}', {}, False)
        began = time.perf_counter()
        replies = await asyncio.gather(*(provider.send(call) for _ in range(4)))
        assert time.perf_counter() - began >= 0.5  # two at once, then one each 0.3 s
        assert {reply.status for reply in replies} == {200}
        for reply in replies:
            reply.close()
