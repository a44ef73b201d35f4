"""A question in other words is answered from the cache where all else is equal, and only there."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
import pytest_asyncio
from aiohttp import web

from proxy.events import CacheHit, Event
from proxy.server import Server
from tests.support import messages
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Sent, Upstream

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKED = "How do I enable SSH on Ubuntu?"
SPACED = "How do I enable  SSH on Ubuntu?"  # the same question for any guard
HEADERS = {"x-api-key": "one"}
TOOL = {"name": "Look", "description": "Looks.", "input_schema": {"type": "object"}}
PICTURE = {"type": "image", "source": {"type": "url", "url": "https://x.example/y.png"}}
HISTORY = [
    {"role": "user", "content": "hello"},
    {"role": "assistant", "content": "Hello, what can I do?"},
]


def asking(text: Any = ASKED, earlier: Any = (), **more: Any) -> dict[str, Any]:
    turns = [*earlier, {"role": "user", "content": text}]
    return {"model": "claude-sonnet-4-5", "max_tokens": 100, "messages": turns, **more}


@dataclass
class Stage:
    server: Server
    heard: Heard
    upstream: Upstream

    async def ask(
        self, body: dict[str, Any], headers: dict[str, str] = HEADERS
    ) -> tuple[str, str, bytes]:
        """What the answer's headers say of the cache and why, and its body; settled."""
        url = f"{self.server.url}/v1/messages"
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=orjson.dumps(body), headers=headers) as answer,
        ):
            said = answer.headers["x-lynkr-cache"], answer.headers["x-lynkr-cache-why"]
            raw = await answer.read()
            assert answer.status == 200, raw
        await self.settled()
        return *said, raw

    async def settled(self) -> None:
        """All that is done beside the answers is done."""
        tasks = self.server.house.tasks
        async with asyncio.timeout(20):
            while any(task.get_name() == "semantic cache" for task in tasks.running):
                await asyncio.sleep(0.005)

    @property
    def semantic(self):
        cache = self.server.house.semantic
        assert cache is not None
        return cache


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One proxy with the real embedder: it takes seconds to load."""
    folder: Path = tmp_path_factory.mktemp("semantic")
    async with Upstream(messages.says_hello) as upstream:
        config = config_for(upstream.url, more="[cache]\nexact = false\nsemantic = true\n")
        async with proxy(folder, config) as (server, heard):
            stage = Stage(server, heard, upstream)
            assert (await stage.ask(asking()))[0] == "miss", "nothing is loaded yet"
            server.house.wake()
            async with asyncio.timeout(100):
                while stage.semantic.embedder.state != "ready":
                    await asyncio.sleep(0.05)
            yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def stage(running: Stage) -> Stage:
    """The same, with nothing in its cache, and no hit sent upstream to be compared."""
    await running.semantic.clear()
    running.semantic.chance = lambda: 1.0
    running.upstream.sent.clear()
    running.upstream.answer = messages.says_hello
    running.heard.clear()
    return running


async def test_a_hit_is_told_and_billed_nothing(stage: Stage):
    assert (await stage.ask(asking()))[0] == "miss"
    state, why, raw = await stage.ask(asking(SPACED))
    assert state == "semantic" and why.startswith("1.00 alike")
    answer = orjson.loads(raw)
    assert answer["content"][0]["text"] == "Hello from upstream"
    assert answer["usage"]["input_tokens"] == answer["usage"]["output_tokens"] == 0
    assert len(stage.upstream.sent) == 1
    (hit,) = stage.heard.of(CacheHit)
    assert isinstance(hit, CacheHit) and hit.cache.candidates[0].same


async def test_other_words_that_ask_the_same_are_a_hit(stage: Stage):
    await stage.ask(asking())
    state, why, _ = await stage.ask(asking("Please tell me how to enable SSH on Ubuntu"))
    assert state == "semantic" and why.startswith("0.9")


async def test_explain_shows_what_would_be_looked_at(stage: Stage):
    await stage.ask(asking())
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{stage.server.url}/lynkr/explain", data=orjson.dumps(asking(SPACED)), headers=HEADERS
        ) as answer,
    ):
        cache = orjson.loads(await answer.read())["cache"]
    assert cache["eligible"] is True
    (near,) = cache["candidates"]
    assert near["same"] is True and near["similarity"] > 0.99


async def test_a_hit_is_streamed_where_a_stream_was_asked_for(stage: Stage):
    await stage.ask(asking())
    state, _, raw = await stage.ask(asking(SPACED, stream=True))
    assert state == "semantic"
    assert raw.startswith(b"event: message_start") and b"event: message_stop" in raw
    assert b"Hello from upstream" in raw and b"thinking_delta" not in raw


@pytest.mark.parametrize(
    ("other", "headers"),
    [
        (asking(SPACED, system="Answer in French."), HEADERS),
        (asking(SPACED), {"x-api-key": "two"}),
        (asking(SPACED), {**HEADERS, "x-lynkr-session": "another"}),
        (asking(SPACED), {**HEADERS, "anthropic-beta": "context-1m-2025-08-07"}),
        (asking(SPACED, tools=[TOOL]), HEADERS),
        (asking(SPACED), {**HEADERS, "x-lynkr-tier": "REASONING"}),
        (asking(SPACED, max_tokens=50), HEADERS),
        (asking(SPACED, temperature=0.3), HEADERS),
        (asking(SPACED, stop_sequences=["x"]), HEADERS),
        (asking(SPACED, output_config={"effort": "low"}), HEADERS),
        (asking(SPACED, HISTORY), HEADERS),
        (asking([{"type": "text", "text": "Pasted."}, {"type": "text", "text": SPACED}]), HEADERS),
        (asking([PICTURE, {"type": "text", "text": SPACED}]), HEADERS),
        (asking(f"{SPACED}\n\nport 22"), HEADERS),
        (asking("How do I disable SSH on Ubuntu?"), HEADERS),
    ],
    ids=lambda given: "",
)
async def test_whatever_else_differs_is_another_question(
    stage: Stage, other: dict[str, Any], headers: dict[str, str]
):
    await stage.ask(asking())
    assert (await stage.ask(other, headers))[0] in ("miss", "skip")
    assert (await stage.ask(asking(SPACED)))[0] == "semantic", "the first is still there"


async def test_the_same_history_shares_its_answers(stage: Stage):
    await stage.ask(asking(ASKED, HISTORY))
    assert (await stage.ask(asking(SPACED, HISTORY)))[0] == "semantic"
    assert (await stage.ask(asking(SPACED)))[0] == "miss"


async def test_a_client_and_the_dashboard_can_switch_it_off(stage: Stage):
    await stage.ask(asking())
    assert (await stage.ask(asking(SPACED), {**HEADERS, "x-lynkr-cache": "off"}))[0] == "skip"
    stage.server.house.cached_on = False
    try:
        assert (await stage.ask(asking(SPACED)))[0] == "skip"
    finally:
        stage.server.house.cached_on = True
    assert (await stage.ask(asking(SPACED)))[0] == "semantic"


async def test_answers_that_were_cut_or_refused_are_not_kept(stage: Stage):
    async def cut(request: web.Request, sent: Sent) -> web.StreamResponse:
        body = messages.answer("small", [messages.text("Hello fr")])
        return web.json_response(body | {"stop_reason": "max_tokens"})

    stage.upstream.answer = cut
    await stage.ask(asking())
    assert (await stage.ask(asking(SPACED)))[0] == "miss"


@pytest.mark.parametrize("text", ["", "   ", "word " * 400, "What time is it now?"])
async def test_what_is_empty_huge_or_of_the_moment_is_not_asked(stage: Stage, text: str):
    body = asking(text or [PICTURE])
    await stage.ask(body)
    assert (await stage.ask(body))[0] in ("miss", "skip")


async def test_one_in_some_hits_is_sent_upstream_and_compared(stage: Stage):
    await stage.ask(asking())
    stage.semantic.chance = lambda: 0.0
    state, why, _ = await stage.ask(asking(SPACED))
    assert state == "miss" and "sent to compare" in why
    assert len(stage.upstream.sent) == 2
    stage.semantic.chance = lambda: 1.0
    assert (await stage.ask(asking(SPACED)))[0] == "semantic", "the answers were the same"


async def test_an_entry_whose_answer_was_another_must_prove_itself(stage: Stage):
    await stage.ask(asking())
    stage.semantic.chance = lambda: 0.0
    stage.upstream.answer = _says("No. Bake the cake for forty minutes instead, then let it cool.")
    await stage.ask(asking(SPACED))
    stage.semantic.chance = lambda: 1.0
    state, why, _ = await stage.ask(asking(f" {SPACED}"))
    assert state == "miss" and "wrong with" in why


async def test_a_hit_that_a_person_calls_wrong_is_gone(stage: Stage):
    await stage.ask(asking())
    await stage.ask(asking(SPACED))
    (hit,) = stage.heard.of(CacheHit)
    mark = stage.server.house.marks.take(hit.id)
    assert mark is not None and mark.entry
    await stage.semantic.mark_wrong(mark.entry, mark.similarity)
    assert (await stage.ask(asking(SPACED)))[0] == "miss"


async def test_the_file_is_its_owners_alone_and_the_events_hold_no_text(stage: Stage):
    await stage.ask(asking())
    await stage.ask(asking(SPACED))
    path = stage.server.house.ledger_path.with_name("semantic.db")
    assert path.stat().st_mode & 0o777 == 0o600
    told: list[Event] = list(stage.heard)
    assert told and "Ubuntu" not in repr(told)


def _says(text: str):
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        return web.json_response(messages.answer("small", [messages.text(text)]))

    return answer


async def test_an_embedder_that_is_killed_fails_no_request(stage: Stage):
    """The last one here: the model takes seconds to load again."""
    assert (await stage.ask(asking()))[0] == "miss"
    assert (await stage.ask(asking(SPACED)))[0] == "semantic"
    assert stage.semantic.embedder.pid is not None
    os.kill(stage.semantic.embedder.pid, signal.SIGKILL)
    states = [(await stage.ask(asking(SPACED + " " * n)))[0] for n in range(1, 6)]
    assert set(states) == {"miss"} and len(stage.upstream.sent) == 6
