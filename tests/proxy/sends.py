"""A proxy before a scripted upstream, and a second one to fall back to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from proxy.record import Fold, Record
from proxy.server import Server
from tests.proxy.test_server import QUESTION, post
from tests.support.proxy import Heard, proxy
from tests.support.scripted import says
from tests.support.upstream import Answer, Upstream

STREAM = {**QUESTION, "stream": True}
CHAT = {"model": "gpt-5", "messages": [{"role": "user", "content": "Why is the sky blue?"}]}
QUICK = "[retry]\nseconds = 0.2\n"


def config(first: str, second: str = "", more: str = QUICK, timeout: str = "{}") -> str:
    """Every tier at `first`; SIMPLE falls back to `second`, a Chat provider, where there is one."""
    rows = [f'[providers.up]\nkind = "anthropic_compatible"\nbase_url = "{first}"']
    rows[0] += f"\ntimeout = {timeout}"
    if second:
        rows.append(f'[providers.spare]\nkind = "openai_compatible"\nbase_url = "{second}"')
    tiers = 'SIMPLE = "up/small"\nMEDIUM = "up/middle"\nCOMPLEX = "up/large"\nREASONING = "up/deep"'
    fallback = 'fallback = { SIMPLE = ["spare/other"] }' if second else ""
    return "\n".join([*rows, "[cache]\nexact = false", "[tiers]", tiers, fallback, more])


@asynccontextmanager
async def two(
    folder: Path, first: Answer, second: Answer | None = None, **settings: str
) -> AsyncIterator[tuple[Server, Heard, Upstream, Upstream]]:
    """A proxy before one upstream, with a second one to fall back to where that is scripted."""
    async with Upstream(first) as up, Upstream(second or says("never asked")) as spare:
        text = config(up.url, spare.url if second else "", **settings)
        async with proxy(folder, text) as (server, heard):
            yield server, heard, up, spare


async def ask(server: Server, body: Any = QUESTION, **headers: str) -> tuple[int, Any, bytes]:
    return await post(f"{server.url}/v1/messages", body, **headers)


def row_of(heard: Heard) -> Record:
    fold = Fold()
    rows = [row for event in list(heard) if (row := fold(event))]
    return rows[-1]
