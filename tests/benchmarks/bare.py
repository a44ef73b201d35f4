"""A process that passes requests on and does nothing else: what aiohttp itself costs."""

import asyncio
import sys
from functools import cache

import aiohttp
import uvloop
from aiohttp import web
from yarl import URL

from proxy.providers.http import new_session

_NOT_PASSED = ("host", "content-length", "transfer-encoding")


class Bare:
    """Handles every path by asking `upstream` the same."""

    def __init__(self, upstream: str, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._url = cache(lambda path: URL(upstream + path, encoded=True))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = await request.read()
        passed = {k: v for k, v in request.headers.items() if k.lower() not in _NOT_PASSED}
        url = self._url(request.path_qs)
        async with self._session.post(
            url, data=asked, headers=passed, allow_redirects=False
        ) as answer:
            kind = answer.headers["Content-Type"]
            if "event-stream" in kind:
                return await _stream(request, answer, kind)
            body = await answer.read()
            return web.Response(status=answer.status, body=body, headers={"Content-Type": kind})


async def _stream(
    request: web.Request, answer: aiohttp.ClientResponse, kind: str
) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers={"Content-Type": kind})
    await response.prepare(request)
    async for chunk in answer.content.iter_any():
        await response.write(chunk)
    await response.write_eof()
    return response


async def _serve(upstream: str) -> None:
    async with new_session() as session:
        app = web.Application(client_max_size=2**25)
        app.router.add_post("/{path:.*}", Bare(upstream, session).handle)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        print(f"listens on http://127.0.0.1:{runner.addresses[0][1]};", file=sys.stderr)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1]))
