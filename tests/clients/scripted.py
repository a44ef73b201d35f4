"""Upstreams that play a model's part in one dialect, and follow the conversation they are sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.clients.hands import Hands, Step, acts, blocks
from tests.clients.views import Body, Chat, Messages, View
from tests.support import chat, messages
from tests.support.messages import Block, text
from tests.support.upstream import Sent, Upstream

Reply = Callable[[web.Request, Sent, list[Block]], Awaitable[web.StreamResponse]]
Fault = Callable[[web.Request, Sent], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Spoken:
    """A dialect as an upstream speaks it: how it answers, and how what it was sent is read."""

    reply: Reply
    view: View


UPSTREAMS: dict[str, Spoken] = {
    "anthropic_compatible": Spoken(messages.reply, Messages()),
    "openai_compatible": Spoken(chat.reply, Chat()),
}


@dataclass
class Scripted:
    """A model's part. The step to play follows from how many tool calls have their answers, so
    that a retried request gets the same step again. `faults` come once each, before their step."""

    kind: str
    hands: Hands
    steps: list[Step]
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
        reply = UPSTREAMS[self.kind].reply
        if not sent.body.get("tools"):
            return await reply(request, sent, [text(self.side)])
        self.played.append(sent.body)
        answered = len(self.view.results(sent.body))
        step = self._step(answered)
        if fault := self.faults.pop(step, None):
            return await fault(request, sent)
        return await reply(request, sent, blocks(self.steps[step], self.hands, answered))

    def _step(self, answered: int) -> int:
        """The first step whose calls have not been answered yet."""
        for index, step in enumerate(self.steps):
            answered -= acts(step)
            if answered < 0:
                return index
        return len(self.steps) - 1
