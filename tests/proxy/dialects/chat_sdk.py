"""The official openai SDK against a real socket that answers with given bytes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import openai
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai.types.chat import ChatCompletionUserMessageParam

ASK: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": "hi"}]


@asynccontextmanager
async def sdk(status: int, body: bytes, kind: str) -> AsyncIterator[openai.AsyncOpenAI]:
    """A client whose every call is answered with `body`."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, content_type=kind)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/v1"))
        async with openai.AsyncOpenAI(api_key="d", base_url=url, max_retries=0) as client:
            yield client
