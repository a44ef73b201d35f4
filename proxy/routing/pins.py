"""One decision a conversation: the tier that it is pinned to, and what would change that.

A fold over the rounds so far, each begun by a person's words: the first round's verdict pins the
tier; a later one raises it when the task outgrows its model, and lowers it when that pays, cold
cache and way back included. A go-ahead ("yes", "continue") keeps it; small talk may go down for
once, and pins nothing. All of it follows from the conversation, the table and the prices, so a
restart, or another replica, pins the same.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from typing import Final

from msgspec import Struct

from classifier.ask import Ask, Turn
from classifier.decide import Verdict
from classifier.intent import own_words
from classifier.tiers import Tier
from proxy.routing.asking import sized
from proxy.routing.economy import Economy, Load
from proxy.routing.table import Table
from proxy.tokens.counter import estimate

ANSWER = 500  # tokens, before the model has answered once
SMALL_TALK: Final = frozenset({"greeting", "thanks", "goodbye", "sum", "suggestion"})
CONSENT: Final = frozenset({"yes", "no"})
FORCE: Final = "force:"  # before the pattern's name, in a verdict's reason
GOES_AHEAD: Final = "pin: a go-ahead stays on"
_GO_AHEAD = re.compile(
    r"(?i)^(?:(?:ok|okay|yes|yep|sure|please|now|and|then|great|good|perfect|alright|just)[,.! ]+)*"
    r"(?:go (?:ahead|on|for it)|continue|proceed|carry on|keep going|do (?:it|that|so|this)|next|"
    r"resume|try again|retry|again|make it so|ship it|apply (?:it|that|them)|[1-9a-d])"
    r"(?:[,.! ]+(?:please|then|now|thanks))*[.!]*$"
)

Judge = Callable[[Ask], Verdict]


class Pin(Struct, frozen=True):
    """After a round: the tier that holds from there, the one the round itself got, and why.

    Not `sure` where a price was not at hand: asked again, it may be another.
    """

    held: Tier
    given: Tier
    step: str = ""
    sure: bool = True


class Said(Struct, frozen=True):
    """What begins a round: the tier that it needs, the force-pattern that says so, if one does,
    whether it is a go-ahead in other words, and what the round is likely to take."""

    tier: Tier
    rule: str
    goes_ahead: Callable[[], bool]
    load: Callable[[], Load]


def pin_of(ask: Ask, rounds: tuple[int, ...], table: Table, judge: Judge, economy: Economy) -> Pin:
    """The pin at the last of `rounds`, which are indexes into `ask.turns` of persons' words.

    Rounds that were folded before are remembered by what they and all before them said.
    """
    keys = _keys(ask, rounds)
    at = len(rounds)
    pin: Pin | None = None
    while at and pin is None:
        at -= 1
        pin = table.pins.peek(keys[at])
    for number in range(0 if pin is None else at + 1, len(rounds)):
        pin = _after(pin, ask, rounds[number], table, judge, economy)
        if pin.sure:
            table.pins.put(keys[number], pin)
    assert pin is not None
    return pin


def unfolded(ask: Ask, rounds: tuple[int, ...], table: Table) -> int:
    """How many rounds nobody remembers: each takes a verdict."""
    keys = _keys(ask, rounds)
    known = (at for at in range(len(keys) - 1, -1, -1) if table.pins.peek(keys[at]))
    return len(keys) - 1 - next(known, -1)


def _keys(ask: Ask, rounds: tuple[int, ...]) -> list[int]:
    """A hash of the conversation up to each round."""
    turns = map(hash, ask.turns)
    chain = list(accumulate(turns, lambda so_far, turn: hash((so_far, turn)))) or [0]
    around = hash((ask.system, ask.tools))
    return [hash((around, chain[at])) for at in rounds]


def _tokens(turn: Turn) -> int:
    return estimate(len(turn.text) + turn.result_chars)


def _after(pin: Pin | None, ask: Ask, at: int, table: Table, judge: Judge, economy: Economy) -> Pin:
    verdict = judge(sized(ask.turns[: at + 1], ask.system, ask.tools))
    rule = verdict.reason.removeprefix(FORCE) if verdict.reason.startswith(FORCE) else ""
    said = Said(
        verdict.tier,
        rule,
        lambda: bool(_GO_AHEAD.match(own_words(ask.turns[at].text))),
        lambda: _load(ask, at),
    )
    return follow(pin, said, table, economy)


def follow(pin: Pin | None, said: Said, table: Table, economy: Economy) -> Pin:
    """The pin once `said` has begun a round; `pin` is the one before, None at the first round."""
    tier = said.tier
    if pin is None:
        return _at(tier)
    if said.rule and any(said.rule == one.name for one in table.patterns):
        return Pin(pin.held, tier)  # the user's own rule decides its round, and no other
    if tier >= pin.held:
        return _at(tier)
    if said.rule in CONSENT or said.goes_ahead():
        return Pin(pin.held, pin.held, f"{GOES_AHEAD} {pin.held.name}")
    return _lowered(pin.held, tier, said.rule in SMALL_TALK, said.load(), table, economy)


@lru_cache
def _at(tier: Tier) -> Pin:
    """Most rounds end so, and thousands of their pins are remembered."""
    return Pin(tier, tier)


def _lowered(held: Tier, tier: Tier, once: bool, load: Load, table: Table, economy: Economy) -> Pin:
    above, below = table.tiers[held], table.tiers[tier]
    if above == below:
        return Pin(held, held, f"pin: stays on {held.name}, {tier.name} is the same model")
    worth = (economy.for_once if once else economy.for_a_while)(above, below, load)
    if not worth.pays:
        return Pin(held, held, f"economics: stays on {held.name}, {worth.words}", worth.sure)
    step = f"economics: goes down to {tier.name}, {worth.words}"
    return Pin(held if once else tier, tier, step)


def _load(ask: Ask, at: int) -> Load:
    earlier = ask.turns[:at]
    answers = [_tokens(turn) for turn in earlier if turn.role == "assistant"]
    answer = max(sum(answers) // len(answers), 50) if answers else ANSWER
    before = sized(earlier, ask.system, ask.tools).tokens
    return Load(before, _tokens(ask.turns[at]), answer)
