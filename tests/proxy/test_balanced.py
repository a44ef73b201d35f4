"""`balanced`: long results go abridged, and the model gets the original back within an answer."""

import re
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from proxy.events import Served
from tests.support import chat, messages
from tests.support.messages import Block, call, text
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Sent, Upstream

LOG = "\n".join(f"step {n * n} of the build: compiled unit_{n}.c" for n in range(400))
TOOL = {"name": "Bash", "description": "Runs it.", "input_schema": {"type": "object"}}
LEVEL = '[compression]\nlevel = "balanced"'


def body(**more: Any) -> dict[str, Any]:
    result = {"type": "tool_result", "tool_use_id": "call_1", "content": LOG}
    return {
        "model": "m",
        "max_tokens": 100,
        "tools": [TOOL],
        "messages": [
            {"role": "user", "content": "Run the build"},
            {"role": "assistant", "content": [call("call_1", "Bash", command="make")]},
            {"role": "user", "content": [result]},
        ],
        **more,
    }


def recalls(reply: Any, **asked: str) -> Any:
    """Recalls what the log left out, then says what it got."""

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        found = re.search(r"\br[0-9a-f]{12}\b", sent.raw.decode())
        assert found, "the abridged result names its original"
        again = len(sent.body["messages"]) > 3
        blocks: list[Block] = [text("There it is.")]
        if not again:
            blocks = [call("call_2", "lynkr_recall", **{"id": found[0], **asked})]
        response: web.StreamResponse = await reply(request, sent, blocks)
        return response

    return answer


async def post(url: str, **more: Any) -> bytes:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/v1/messages", json=body(**more)) as got,
    ):
        assert got.status == 200
        return await got.read()


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        ("anthropic", messages.reply),
        ("anthropic_compatible", messages.reply),
        ("openai_compatible", chat.reply),
    ],
)
async def test_what_was_left_out_comes_back_in_one_call(
    tmp_path: Path, kind: str, reply: Any, stream: bool
):
    async with (
        Upstream(recalls(reply, search="unit_217.c")) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind, LEVEL)) as (server, heard),
    ):
        got = await post(server.url, stream=stream)
        first, second = upstream.sent
        assert b"There it is." in got and b"lynkr_recall" not in got
        assert "unit_217.c" not in first.raw.decode() and len(first.raw) < len(LOG) / 2
        assert "step 47089 of the build: compiled unit_217.c" in second.raw.decode()
        assert len(heard.of(Served)) == 1


async def test_a_recall_that_fails_says_so(tmp_path: Path):
    async with (
        Upstream(recalls(messages.reply, id="r000000000000")) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=LEVEL)) as (server, _),
    ):
        await post(server.url)
        assert "Recall failed" in upstream.sent[1].raw.decode()


async def test_it_is_abridged_the_same_in_later_turns_after_a_restart_and_elsewhere(
    tmp_path: Path,
):
    async with Upstream(messages.says_hello) as upstream:
        for folder in ("here", "here", "elsewhere"):
            (tmp_path / folder).mkdir(exist_ok=True)
            config = config_for(upstream.url, more=LEVEL)
            async with proxy(tmp_path / folder, config) as (server, _):
                await post(server.url)
                await post(server.url)
        assert len({one.raw for one in upstream.sent}) == 1
        assert "lynkr_recall" in upstream.sent[0].raw.decode()


async def test_without_tools_or_where_it_is_not_asked_for_nothing_is_abridged(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=LEVEL)) as (server, _),
    ):
        await post(server.url, tools=[])
        headers = {"x-lynkr-rewrite": "off"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{server.url}/v1/messages", json=body(), headers=headers),
        ):
            pass
    for sent in upstream.sent:
        assert b"lynkr_recall" not in sent.raw
    assert orjson.loads(upstream.sent[1].raw)["messages"] == body()["messages"]
