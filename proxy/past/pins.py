"""What the pins of past sessions would have been under a table, as far as the ledger tells.

A fold over exchanges, oldest first, by the rule of `pins`. The ledger keeps no text: whether a
short answer was a go-ahead is known only where its steps say so, and what a round would take is
estimated from its counts and from the answers that were billed before it.
"""

from typing import Final

from msgspec import Struct

from classifier.tiers import Tier
from proxy.past.rescore import Measures, Past, Talk
from proxy.routing.classes import COMPACTION, MAIN
from proxy.routing.economy import Economy, Load
from proxy.routing.pins import ANSWER, Pin, Said, follow
from proxy.routing.table import Table

BRIEF: Final = 8  # words; what is longer is no go-ahead
PINNED: Final = "pinned"
_TOKENS_A_WORD: Final = 4 / 3
_LEAST: Final = 50  # tokens of an answer


class _Round(Struct):
    """`sure` is whether its pin is the only one that the ledger allows; `most` is the highest tier
    that it may hold."""

    turns: int
    pin: Pin
    sure: bool
    most: Tier


class PastPins:
    """Follows each session's pin under one table. A round is known by its conversation, its
    measures and what it needs; one with fewer messages than the last begins a conversation anew,
    or takes it back."""

    def __init__(self, table: Table, economy: Economy) -> None:
        self._table, self._economy = table, economy
        self._rounds: dict[tuple[Talk, Measures, Tier], _Round] = {}
        self._open: dict[Talk, list[_Round]] = {}
        self._answers: dict[Talk, tuple[int, int]] = {}  # how many, and their tokens

    def tier(self, past: Past, verdict: Tier, began: bool) -> Tier | None:
        """The tier of its round, which needs `verdict`; None where it can't be told. `began` is
        whether a conversation of which it is the first to be seen can be taken to begin there."""
        if not past.talk.session or not past.measures.turns:
            return verdict if began else None
        talk = _told_apart(past.talk)
        place = talk, past.measures, verdict
        found = self._rounds.get(place)
        if found is None:
            found = self._rounds[place] = self._next(talk, past, verdict, began)
        self._hear(talk, past)
        return found.pin.given if found.sure else None

    def _next(self, talk: Talk, past: Past, verdict: Tier, began: bool) -> _Round:
        rounds, turns = self._open.setdefault(talk, []), past.measures.turns
        while rounds and rounds[-1].turns >= turns:
            rounds.pop()
        if rounds:
            found = self._after(rounds[-1], talk, past, verdict)
        elif began:
            found = _Round(turns, Pin(verdict, verdict), True, verdict)
        else:
            found = _Round(turns, Pin(past.tier, past.tier), False, max(Tier))
        rounds.append(found)
        return found

    def _after(self, last: _Round, talk: Talk, past: Past, verdict: Tier) -> _Round:
        rule, ahead = past.told.rule, past.told.ahead
        said = Said(verdict, rule, lambda: ahead is True, lambda: self._load(talk, past.measures))
        pin = follow(last.pin, said, self._table, self._economy)
        unclear = ahead is None and not rule and past.measures.words <= BRIEF
        raised = verdict >= last.most and pin.held == verdict  # the user's own rule raises nothing
        sure = raised or (last.sure and not unclear)
        most = pin.held if sure else max(last.most, verdict)
        return _Round(past.measures.turns, pin, sure, most)

    def _load(self, talk: Talk, seen: Measures) -> Load:
        count, tokens = self._answers.get(talk, (0, 0))
        answer = max(tokens // count, _LEAST) if count else ANSWER
        new = min(round(seen.words * _TOKENS_A_WORD), seen.tokens)
        return Load(seen.tokens - new, new, answer)

    def _hear(self, talk: Talk, past: Past) -> None:
        if past.usage.output is not None:
            count, tokens = self._answers.get(talk, (0, 0))
            self._answers[talk] = count + 1, tokens + past.usage.output


def _told_apart(talk: Talk) -> Talk:
    """A summary is asked for in the conversation that it sums up."""
    return Talk(talk.session, MAIN) if talk.request_class == COMPACTION else talk
