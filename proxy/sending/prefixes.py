"""Whether a rewrite made a provider write anew what it had cached; it is off for that session then.

A provider reads from its prompt cache what begins as the request before did. Where the client's own
request began so, and what was sent did not, the rewrite that differs is to blame. What a changed
setting did is the user's own wish.
"""

import logging
import time
from array import array
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from proxy.dialects.model import Request, Usage
from proxy.events import CacheLost, Event
from proxy.exchange import Exchange
from proxy.memo import Memo
from proxy.rewrite.abridge import ABRIDGERS
from proxy.rewrite.settings import RewriteSettings
from proxy.routing.table import Target
from proxy.tokens.prints import prints_of
from proxy.tokens.sections import of_blocks

log = logging.getLogger(__name__)

LIFE: Final = 300.0  # seconds that a provider keeps a prompt at least
LEAST: Final = 256  # tokens; fewer are no more than the size of a provider's blocks
KEPT: Final = 1_000  # sessions

TOOLS: Final = "tools"  # the technique that leaves tools out
_BEFORE: Final = 2  # units before the first message: the tools, and the system prompt

_Techniques = dict[int, frozenset[str]]  # by unit


class _Turn(Struct, frozen=True):
    """What was sent last of a session. `came` is one print of the client's own units, `sent` one of
    each as it was sent: the tools, the system prompt, the messages."""

    at: float
    settings: RewriteSettings | None
    came: int
    sent: "array[int]"
    techniques: _Techniques
    cached: int  # tokens that the next request can read


class Prefixes:
    """Remembers prints, never texts, of what each session sent to each model."""

    def __init__(self) -> None:
        self._turns: Memo[_Turn] = Memo(KEPT)
        self._off: Memo[frozenset[str]] = Memo(KEPT)

    def settled(self, session: str, settings: RewriteSettings) -> RewriteSettings:
        """The settings without what has lost this session its cache."""
        off = self._off.peek(session)
        if not off:
            return settings
        level = settings.level
        if off - ABRIDGERS - {TOOLS}:
            level = "off"
        elif off & ABRIDGERS and level == "balanced":
            level = "lossless"
        return replace(settings, strip=settings.strip and TOOLS not in off, level=level)

    def judge(
        self, exchange: Exchange, target: Target, usage: Usage, tell: Callable[[Event], None]
    ) -> int:
        """Tokens that a rewrite had `target` write anew, or read at full price; it is told, and off
        from now on. 0 where there are none, or the provider does not say what it read."""
        try:
            lost = self._judge(exchange, target, usage)
        except Exception:
            log.exception("exchange %s: its prompt cache can't be judged", exchange.id)
            return 0
        if lost is None:
            return 0
        off = self._off.peek(exchange.session) or frozenset()
        self._off.put(exchange.session, off.union(lost.techniques))
        tell(lost)
        return lost.tokens

    def _judge(self, exchange: Exchange, target: Target, usage: Usage) -> CacheLost | None:
        asked, sent = exchange.request, exchange.sent
        if exchange.replay is not None:
            return None  # it is no turn of its session
        if asked is None or sent is None or usage.cache_read is None:
            return None
        place = (exchange.session, exchange.request_class, target)
        came, went = _prints(asked, sent)
        now = _turn(exchange, came, went, usage)
        before = self._turns.peek(place)
        self._turns.put(place, now)
        if before is None or not _goes_on(before, now, came, exchange.began):
            return None
        lost = before.cached - usage.cache_read
        changed = [at for at, was in enumerate(before.sent) if now.sent[at] != was]
        named = chain.from_iterable(
            turn.techniques.get(at, ()) for at in changed for turn in (before, now)
        )
        names = tuple(sorted(set(named)))
        if lost < LEAST or not names:
            return None
        return CacheLost(
            id=exchange.id, at=time.time(), target=target, tokens=lost, techniques=names
        )


def _goes_on(before: _Turn, now: _Turn, came: Sequence[int], began: float) -> bool:
    """Whether the provider could have read what it had, had the request been sent as it came."""
    size = len(before.sent)
    return (
        began - before.at < LIFE
        and before.settings == now.settings
        and len(came) >= size
        and hash(tuple(came[:size])) == before.came
    )


def _turn(exchange: Exchange, came: list[int], went: list[int], usage: Usage) -> _Turn:
    return _Turn(
        time.time(),
        exchange.settings,
        hash(tuple(came)),
        array("q", went),
        _techniques(exchange, came, went),
        (usage.cache_read or 0) + (usage.cache_write or 0),
    )


def _prints(asked: Request, sent: Request) -> tuple[list[int], list[int]]:
    """Of each unit that is the client's own: as it came, and as it was sent."""
    came, went = prints_of(asked, sent)
    return [*_fixed(asked), *came], [*_fixed(sent), *went[: len(came)]]


def _fixed(request: Request) -> list[int]:
    return [request.tools_print, hash(tuple(of_blocks(request.system)))]


def _techniques(exchange: Exchange, came: list[int], went: list[int]) -> _Techniques:
    found: dict[int, frozenset[str]] = {}
    if came[0] != went[0]:
        found[0] = frozenset((TOOLS,))
    for result in exchange.rewrite.results:
        at = _BEFORE + result.message
        found[at] = found.get(at, frozenset()).union(result.technique.split("+"))
    return found
