"""Where tools are offered, an answer is kept only if it used none and the question needs none."""

from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

GENERAL = "How do I reverse a list in Python?"
LOOK = {"name": "Look", "description": "Looks.", "input_schema": {"type": "object"}}
READ = {"name": "Read", "description": "Reads.", "input_schema": {"type": "object"}}
EARLIER = [
    {"role": "user", "content": "hello"},
    {"role": "assistant", "content": "Hello, what can I do?"},
]


def asking(text: str, *tools: dict[str, Any], earlier: Any = ()) -> dict[str, Any]:
    turns = [*earlier, {"role": "user", "content": text}]
    return {"model": "m", "max_tokens": 100, "messages": turns, "tools": list(tools)}


async def states(folder: Path, answer: Any, *bodies: dict[str, Any]) -> list[str]:
    """What the cache says of each request, one after the other."""
    said = []
    async with (
        Upstream(answer) as upstream,
        proxy(folder, config_for(upstream.url)) as (server, _),
        aiohttp.ClientSession() as session,
    ):
        for body in bodies:
            async with session.post(
                f"{server.url}/v1/messages", data=orjson.dumps(body), headers={"x-api-key": "k"}
            ) as reply:
                assert reply.status == 200, await reply.read()
                said.append(reply.headers["x-lynkr-cache"])
    return said


async def test_an_answer_without_a_call_is_given_again(tmp_path: Path):
    body = asking(GENERAL, LOOK)
    assert await states(tmp_path, messages.says_hello, body, body) == ["miss", "exact"]


async def calls(request: Any, sent: Any) -> Any:
    return await messages.reply(request, sent, [messages.call("c", "Look")])


async def test_an_answer_with_a_call_is_not(tmp_path: Path):
    body = asking(GENERAL, LOOK)
    assert await states(tmp_path, calls, body, body) == ["miss", "miss"]


@pytest.mark.parametrize(
    "other",
    [
        asking(GENERAL, READ),
        asking(GENERAL, LOOK, READ),
        asking(GENERAL),
        asking(GENERAL, LOOK, earlier=EARLIER),
        asking(GENERAL, LOOK) | {"tool_choice": {"type": "none"}},
    ],
    ids=["another tool", "one more tool", "no tool", "a history", "another choice"],
)
async def test_other_tools_or_another_history_share_no_answer(tmp_path: Path, other: Any):
    first = asking(GENERAL, LOOK)
    assert await states(tmp_path, messages.says_hello, first, other) == ["miss", "miss"]


@pytest.mark.parametrize("text", ["Fix the failing login", "What does main.py do?", "Go on"])
async def test_what_a_project_may_answer_is_not_asked_of_a_cache(tmp_path: Path, text: str):
    body = asking(text, LOOK)
    assert await states(tmp_path, messages.says_hello, body, body) == ["skip", "skip"]
