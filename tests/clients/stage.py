"""A served proxy before an upstream that each test tells what to answer; for the SDKs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
from aiohttp import web

from tests.clients.loop import NO_RETRY
from tests.clients.scripted import UPSTREAMS, Fault, Spoken
from tests.clients.views import Body, View
from tests.support.messages import Block
from tests.support.program import serve
from tests.support.proxy import config_for
from tests.support.upstream import Sent, Upstream, as_json


@dataclass
class Stage:
    """`blocks` is the next answer; each fault in `faults` comes once, before it."""

    kind: str
    url: str = ""
    blocks: list[Block] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    last: Body = field(default_factory=dict)  # what the upstream was asked last

    @property
    def view(self) -> View:
        return UPSTREAMS[self.kind].view

    def plays(self, *blocks: Block) -> None:
        self.blocks = list(blocks)

    async def answer(self, request: web.Request, sent: Sent) -> web.StreamResponse:
        if request.method == "GET":
            return as_json({"object": "list", "data": [{"id": "reported", "object": "model"}]})
        self.last = sent.body
        spoken = UPSTREAMS[self.kind]
        if self.faults:
            return await self.faults.pop(0)(request, sent, spoken)
        return await spoken.reply(request, sent, self.blocks)


@asynccontextmanager
async def staged(folder: Path, kind: str) -> AsyncIterator[Stage]:
    stage = Stage(kind)
    async with (
        Upstream(stage.answer) as upstream,
        serve(folder, config_for(upstream.url, kind, NO_RETRY)) as running,
    ):
        stage.url = running.url
        yield stage


def refusing(status: int, kind: str, message: str, **headers: str) -> Fault:
    """An upstream's refusal, in the shape that both vendors share."""

    async def refuse(request: web.Request, sent: Sent, spoken: Spoken) -> web.StreamResponse:
        body = {"type": "error", "error": {"type": kind, "message": message}}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(
            status=status, body=orjson.dumps(body), content_type="application/json", headers=names
        )

    return refuse
