"""One answer made of several calls to models ("hops"), of which the client sees one.

An inspector looks at each hop's whole answer before the client has any of its calls. It passes it,
amends it, or asks again: with another request, of another model, or both. What was said before the
calls is kept, what later hops say follows it, and their usage is added up.
"""

import logging
import time
from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from proxy.answer.collect import collected
from proxy.dialects.model import Answer, Block, Request, Text, Thinking, ToolCall, Usage
from proxy.errors import ProxyError
from proxy.events import Event
from proxy.exchange import Decision, Exchange
from proxy.house import House
from proxy.secrets import hidden
from proxy.sending.sending import Sending

log = logging.getLogger(__name__)

MOST_HOPS = 3  # calls to models in one exchange, fallbacks and retries apart


class Amend(Struct, frozen=True):
    """The client gets `answer` in place of the hop's own; `events` tell of it."""

    answer: Answer
    events: tuple[Event, ...] = ()
    steps: tuple[str, ...] = ()


class Again(Struct, frozen=True):
    """`request` is asked where `decision` says; `events` tell of it as that begins.

    The answer so far, without its calls, stays: what the next hop says follows it.
    """

    request: Request
    decision: Decision
    events: tuple[Event, ...] = ()


class Inspector(Protocol):
    """Judges answers before the client has their calls. Each in turn gets what the one before it
    made of an answer, up to one that asks again."""

    def watches(self, request: Request) -> bool:
        """Whether any answer to this request could concern it; if none does, nothing is held."""
        ...

    async def inspect(self, answer: Answer, asked: Request, last: bool) -> Amend | Again | None:
        """What is to be done about the answer that `asked` got; None: the client may have it.

        Where `last`, there is no other hop: Again would be in vain.
        """
        ...


class Hops:
    """The way of one exchange's answer past its inspectors."""

    def __init__(
        self, house: House, exchange: Exchange, request: Request, inspectors: Iterable[Inspector]
    ) -> None:
        self._house = house
        self._exchange = exchange
        self._asked = request
        self._inspectors = tuple(one for one in inspectors if one.watches(request))

    def __bool__(self) -> bool:
        return bool(self._inspectors)

    async def settle(self, answer: Answer) -> Answer:
        """The answer for the client: `answer` itself where nothing is amiss with it.

        A hop that fails changes nothing: the client gets what was there before it.
        """
        said: list[Block] = []  # by earlier hops
        hop = answer
        for number in range(1, MOST_HOPS + 1):
            hop, again = await self._inspect(hop, last=number == MOST_HOPS)
            if again is None:
                break
            found = await self._ask(again)
            if found is None:
                hop, _ = await self._inspect(hop, last=True)
                break
            said, hop = [*said, *_words(said, hop)], found
            _set_apart(said, hop)
        return answer if hop is answer else self._whole(answer, said, hop)

    def _whole(self, first: Answer, said: list[Block], hop: Answer) -> Answer:
        calls = [block for block in hop.blocks if isinstance(block, ToolCall)]
        usage = replace(self._exchange.usage) if self._exchange.hops else hop.usage
        return replace(hop, id=first.id, blocks=[*said, *_words(said, hop), *calls], usage=usage)

    async def _inspect(self, hop: Answer, last: bool) -> tuple[Answer, Again | None]:
        """What the inspectors make of a hop. One that fails has no word: the answer must go out."""
        for inspector in self._inspectors:
            try:
                verdict = await inspector.inspect(hop, self._asked, last)
            except Exception:
                log.exception("%s could not judge an answer", type(inspector).__name__)
                continue
            if isinstance(verdict, Again):
                return hop, verdict
            if verdict is not None:
                self._note(verdict.events, verdict.steps)
                hop = verdict.answer
        return hop, None

    async def _ask(self, again: Again) -> Answer | None:
        """The next hop's answer; None where it failed, and all is as it was."""
        exchange, before = self._exchange, self._exchange.decision
        assert before is not None
        as_sent = exchange.sent, exchange.rewrite
        paid = exchange.hops or ((before.target, replace(exchange.usage)),)
        self._house.prefixes.judge(exchange, *paid[-1], self._house.bus.publish)
        exchange.decision = again.decision
        self._note(again.events)
        try:
            answer = await self._answer(again.request)
        except Exception as error:
            if not isinstance(error, ProxyError):
                log.exception("exchange %s could not be asked again", exchange.id)
            why = hidden(error.message if isinstance(error, ProxyError) else repr(error))
            step = f"asked again in vain: {why}"
            exchange.decision = replace(before, steps=(*before.steps, step))
            exchange.sent, exchange.rewrite = as_sent
            return None
        assert exchange.decision is not None
        exchange.hops = (*paid, (exchange.decision.target, answer.usage))
        exchange.usage.merge(summed(usage for _, usage in exchange.hops))
        self._asked = again.request
        return answer

    async def _answer(self, request: Request) -> Answer:
        sending = Sending(self._house, self._exchange, request)
        given = await sending.run()
        try:
            return await collected(given, request, str(sending.target))
        finally:
            given.reply.close()

    def _note(self, events: Iterable[Event], steps: tuple[str, ...] = ()) -> None:
        decided = self._exchange.decision
        if steps and decided is not None:
            self._exchange.decision = replace(decided, steps=(*decided.steps, *steps))
        for event in events:
            self._house.bus.publish(replace(event, id=self._exchange.id, at=time.time()))


def summed(usages: Iterable[Usage]) -> Usage:
    """All of them added up; what none told stays untold."""
    total = Usage()
    for usage in usages:
        for name in ("input", "output", "cache_read", "cache_write", "reasoning"):
            told = getattr(usage, name)
            if told is not None:
                setattr(total, name, (getattr(total, name) or 0) + told)
    return total


def _words(said: list[Block], answer: Answer) -> list[Block]:
    """All of an answer but its calls. Thinking can't follow words: it is bound to its place."""
    left = (ToolCall, Thinking) if said else ToolCall
    return [block for block in answer.blocks if not isinstance(block, left)]


def _set_apart(said: list[Block], later: Answer) -> None:
    """A paragraph between what two hops said: Chat clients get all of it as one text."""
    first = next((block for block in later.blocks if isinstance(block, Text)), None)
    if first is not None and any(isinstance(block, Text) for block in said):
        first.text = "\n\n" + first.text
