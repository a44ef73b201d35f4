"""What is worth a toast: at most one of a kind a beat, and the same session once a minute."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from app.text import amount, dollars, plain, short_session
from proxy.events import ApprovalAsked, BudgetReached, CacheLost, Escalated, Event

MINUTE: Final = 60.0
LET_GO: Final = "let-go"  # the action
NAMED: Final = 3  # of the same kind in one toast; the rest is a number
LONGEST: Final = 240  # characters of a toast
_THEN: Final = {
    "warn": "only a warning",
    "cheaper": "requests go a tier lower",
    "hold": "requests are refused",
}


def _risen(event: Escalated, session: str) -> str:
    return f"{session} to {event.tier.name}"


def _lost(event: CacheLost, session: str) -> str:
    off = ", ".join(event.techniques)
    return f"{session}, {amount(event.tokens)} tokens at {event.target}; {off} is off for it"


def _reached(event: BudgetReached, session: str) -> str:
    return f"{event.why}: {_THEN.get(event.then, event.then)}"


def _asked(event: ApprovalAsked, session: str) -> str:
    return f"{session}, likely {dollars(event.dollars)}"


_KINDS: Final[dict[type[Event], tuple[str, Callable[[Any, str], str]]]] = {
    CacheLost: ("Rewriting lost a prompt cache: ", _lost),
    BudgetReached: ("Budget: ", _reached),
    ApprovalAsked: ("Waits for your word{let-go}: ", _asked),
    Escalated: ("Escalated: ", _risen),
}


class Alerts:
    """Hears events as they are folded, and is asked once a beat for the toasts they make."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._waiting: dict[type[Event], list[str]] = {}
        self._told: dict[str, float] = {}  # session → when its escalation was last told, in order

    def hear(self, event: Event, session: str) -> None:
        """Take note of an event of a session, where its kind is worth a toast."""
        kind = None if self._long_ago(event) else _KINDS.get(type(event))
        if kind and not (isinstance(event, Escalated) and self._lately(session)):
            said = kind[1](event, short_session(session) or "a session")
            self._waiting.setdefault(type(event), []).append(plain(said, LONGEST))

    def take(self, keys: Mapping[str, str]) -> Iterator[str]:
        """The toasts since the last call, for a person whose `keys` are these by action; their text
        is still to be drawn as it stands."""
        way = f" ({keys[LET_GO]} lets it go)" if LET_GO in keys else ""
        waiting, self._waiting = self._waiting, {}
        for kind, said in waiting.items():
            more = f"; and {len(said) - NAMED} more" if len(said) > NAMED else ""
            head = _KINDS[kind][0].replace("{let-go}", way)
            yield plain(head + "; ".join(said[:NAMED]), LONGEST) + more

    def _long_ago(self, event: Event) -> bool:
        """One that a proxy tells afterwards is no news."""
        return event.at < self._clock() - MINUTE

    def _lately(self, session: str) -> bool:
        """Whether it was told within the last minute; if not, it is now."""
        now = self._clock()
        while self._told and next(iter(self._told.values())) <= now - MINUTE:
            del self._told[next(iter(self._told))]
        if session in self._told:
            return True
        self._told[session] = now
        return False
