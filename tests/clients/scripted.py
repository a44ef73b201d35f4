"""Upstreams that play a model's part in one dialect, and follow the conversation they are sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.clients.hands import Hands, Step, acts, blocks
from tests.clients.views import Body, Chat, Messages, Responses, View
from tests.support import chat, messages, responses
from tests.support.messages import Block, text
from tests.support.upstream import Sent, Upstream, stream

Reply = Callable[[web.Request, Sent, list[Block]], Awaitable[web.StreamResponse]]
Chunks = Callable[[str, list[Block]], list[bytes]]


@dataclass(frozen=True)
class Spoken:
    """A dialect as an upstream speaks it: how it answers, whole or streamed, what an error looks
    like in mid-stream, and how what it was sent is read."""

    reply: Reply
    chunks: Chunks
    error: bytes
    view: View


ERROR = b'"error": {"type": "overloaded_error", "code": "overloaded", "message": "Overloaded"}'

UPSTREAMS: dict[str, Spoken] = {
    "anthropic_compatible": Spoken(
        messages.reply,
        messages.events,
        b'event: error\ndata: {"type": "error", %s}\n\n' % ERROR,
        Messages(),
    ),
    "openai_compatible": Spoken(chat.reply, chat.chunks, b"data: {%s}\n\n" % ERROR, Chat()),
    "openai_responses_compatible": Spoken(
        responses.reply,
        responses.events,
        b'event: response.failed\ndata: {"type": "response.failed", "sequence_number": 9, '
        b'"response": {"id": "resp_1", "status": "failed", %s}}\n\n' % ERROR,
        Responses(),
    ),
}

Fault = Callable[[web.Request, Sent, Spoken], Awaitable[web.StreamResponse]]


async def overloaded(request: web.Request, sent: Sent, spoken: Spoken) -> web.StreamResponse:
    return web.Response(status=529, body=b"{%s}" % ERROR, content_type="application/json")


async def limited(request: web.Request, sent: Sent, spoken: Spoken) -> web.StreamResponse:
    body = b'{"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down"}}'
    headers = {"retry-after": "1"}
    return web.Response(status=429, body=body, content_type="application/json", headers=headers)


async def cut(request: web.Request, sent: Sent, spoken: Spoken) -> web.StreamResponse:
    """Half an answer, and the connection is gone."""
    chunks = spoken.chunks(sent.body["model"], [text("Half a sentence and then")])
    return await stream(request, chunks[: len(chunks) // 2], end=False)


async def failing(request: web.Request, sent: Sent, spoken: Spoken) -> web.StreamResponse:
    """Half an answer, and an error inside the stream."""
    chunks = spoken.chunks(sent.body["model"], [text("Half a sentence and then")])
    return await stream(request, [*chunks[: len(chunks) // 2], spoken.error])


@dataclass
class Scripted:
    """A model's part. The step to play follows from how many tool calls have their answers, so
    that a retried request gets the same step again. `faults` come once each, before their step."""

    kind: str
    hands: Hands
    steps: list[Step] = field(default_factory=list)
    faults: dict[int, Fault] = field(default_factory=dict)
    side: str = "A short title"  # what a request without tools is told
    played: list[Body] = field(default_factory=list)  # the bodies that offered tools

    @property
    def view(self) -> View:
        return UPSTREAMS[self.kind].view

    def upstream(self) -> Upstream:
        return Upstream(self._answer)

    async def _answer(self, request: web.Request, sent: Sent) -> web.StreamResponse:
        if request.method != "POST":
            return web.Response(status=404)
        spoken = UPSTREAMS[self.kind]
        if not sent.body.get("tools"):
            return await spoken.reply(request, sent, [text(self.side)])
        self.played.append(sent.body)
        answered = len(self.view.results(sent.body))
        step = self._step(answered)
        if fault := self.faults.pop(step, None):
            return await fault(request, sent, spoken)
        return await spoken.reply(request, sent, blocks(self.steps[step], self.hands, answered))

    def _step(self, answered: int) -> int:
        """The first step whose calls have not been answered yet."""
        for index, step in enumerate(self.steps):
            answered -= acts(step)
            if answered < 0:
                return index
        return len(self.steps) - 1
