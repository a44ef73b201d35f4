"""Answers the calls of the proxy's own tools itself: the client never hears of them."""

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from proxy.answer.hops import Again, Amend
from proxy.dialects.model import Answer, Block, Message, Request, Text, ToolCall, ToolResult
from proxy.events import Served
from proxy.exchange import Exchange
from proxy.house import House
from proxy.quality.check import Offer
from proxy.rewrite import recall
from proxy.rewrite.tools.own import CALL, LOAD, passed_on, told, wanted

NOTHING_LEFT = "[lynkr-tui: the model asked for more tools and called none of them]"

MOST_SAID = 120  # characters of what was asked, in an event

Serve = Callable[["OwnCalls", ToolCall], Awaitable[str]]


class OwnCalls:
    """An inspector of one exchange's answers.

    A tool that was stripped may be called straight: the call goes on to the client if its arguments
    are right, else the model is told how the tool is called.
    """

    def __init__(self, house: House, exchange: Exchange, offer: Offer) -> None:
        self._exchange = exchange
        self._offer = offer
        self._originals = house.originals

    def watches(self, request: Request) -> bool:
        """Whether any of the proxy's own tools was sent."""
        sent = self._exchange.sent
        return sent is not None and any(not tool.raw for tool in sent.tools)

    async def inspect(self, answer: Answer, asked: Request, last: bool) -> Amend | Again | None:
        """Passed-on calls as they were meant; where nothing else is called, what own tools give."""
        meant = _meant(answer)
        calls = [block for block in meant.blocks if isinstance(block, ToolCall)]
        own = [call for call in calls if self._is_own(call)]
        if own and len(own) == len(calls) and not last:
            return await self._again(meant, own, asked)
        left = _without(meant, [call for call in own if call.name in _SERVE])
        return None if left is answer else Amend(left)

    def _is_own(self, call: ToolCall) -> bool:
        if call.name in _SERVE:
            return True
        return call.name in self._gone and self._offer.fault(call) is not None

    @property
    def _gone(self) -> frozenset[str]:
        return frozenset(name for name, _ in self._exchange.rewrite.stripped)

    @property
    def _fixed(self) -> bool:
        sent = self._exchange.sent
        return sent is not None and any(tool.name == CALL for tool in sent.tools)

    async def _again(self, answer: Answer, own: list[ToolCall], asked: Request) -> Again:
        results: list[Block] = [ToolResult(call.id, [Text(await self._said(call))]) for call in own]
        turns = [Message("assistant", answer.blocks), Message("user", results)]
        request = replace(asked, messages=[*asked.messages, *turns], added=asked.added + len(turns))
        decided = self._exchange.decision
        assert decided is not None
        events = tuple(Served(id="", at=0, tool=call.name, asked=_asked(call)) for call in own)
        steps = tuple(f"{event.tool} gave {event.asked}: asked again" for event in events)
        return Again(request, replace(decided, steps=(*decided.steps, *steps)), events)

    async def _said(self, call: ToolCall) -> str:
        if call.name in _SERVE:
            return await _SERVE[call.name](self, call)
        fault = self._offer.fault(call)
        assert fault is not None
        return f"{fault.why}\n{told([call.name], self._offer.tools, self._fixed)}"

    async def _load(self, call: ToolCall) -> str:
        return told(wanted(call), self._offer.tools, self._fixed)

    async def _recall(self, call: ToolCall) -> str:
        return await recall.Recall(self._originals)(call.arguments)


# By the class, not by the instance: one that held its own methods would keep the whole request
# until a collection.
_SERVE: Final[dict[str, Serve]] = {LOAD: OwnCalls._load, recall.NAME: OwnCalls._recall}


def _asked(call: ToolCall) -> str:
    if call.name == LOAD:
        return ", ".join(wanted(call))
    return call.arguments[:MOST_SAID] if call.name == recall.NAME else call.name


def _meant(answer: Answer) -> Answer:
    """Calls by way of the caller as calls of what they name; the same answer without any."""
    passed = {
        id(block): meant
        for block in answer.blocks
        if isinstance(block, ToolCall) and block.name == CALL and (meant := passed_on(block))
    }
    if not passed:
        return answer
    return replace(answer, blocks=[passed.get(id(block), block) for block in answer.blocks])


def _without(answer: Answer, calls: list[ToolCall]) -> Answer:
    """The answer less `calls`; it says so where nothing is left of it."""
    if not calls:
        return answer
    gone = {id(call) for call in calls}
    blocks = [block for block in answer.blocks if id(block) not in gone]
    if any(isinstance(block, ToolCall) for block in blocks):
        return replace(answer, blocks=blocks)
    if not any(isinstance(block, Text) and block.text.strip() for block in blocks):
        blocks.append(Text(NOTHING_LEFT))
    return replace(answer, blocks=blocks, stop="end_turn")
