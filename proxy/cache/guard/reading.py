"""What a text asks, as far as small words tell: the kind of question, its tense, its negations."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from msgspec import Struct

from proxy.cache.guard import grammar
from proxy.cache.guard.words import Word, words_of

_ASK: Final = r"(?=(?:what|which|who|whom|whose|where|when|why|how|if|whether) )"
_OPENERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:hi|hello|hey|ok|okay|please|kindly)(?: there| all| everyone)? (?:[,.!] )*",
        r"(?:can|could|would|will) (?:you|someone|anyone|anybody) (?:please |kindly )?"
        r"(?:tell|explain|show|teach|describe)(?: to)?(?: me| us)? " + _ASK,
        r"(?:tell|explain|show|teach|describe)(?: to)?(?: me| us)? " + _ASK,
        r"i (?:want|need|would like|wish|am trying) to (?:know|understand|learn|find out|ask) "
        + _ASK,
        r"i (?:wonder|am wondering|was wondering) " + _ASK,
        r"do you (?:happen to )?know " + _ASK,
        r"does (?:anyone|anybody|someone) (?:here )?know " + _ASK,
        r"(?:can|could|would|will) you please ",
    )
)
_CLOSER: Final = re.compile(r"(?:(?:, )?(?:please|thanks|thank you|thx)(?: [.!?])*)$")
_PERSON: Final = r"(?:i|you|we|one|someone|somebody|people|anyone)"
_HOW: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"how (?:do|does|can|could|would|should|might|am|are) {_PERSON} (?:to )?(?:go about )?",
        r"how to ",
        r"what (?:is|are|would be) (?:the|a|some|your) (?:ways?|methods?) (?:to|of|for|in which) ",
        rf"(?:what|which) steps (?:do|should|can) {_PERSON} (?:take )?to ",
    )
)
# Where one stands, "can", "do" and "should" ask alike: for a way, a place or a time.
_ANY_MODAL: Final = frozenset(("how", "where"))
_MODALS: Final = {
    "can": "can", "could": "can", "may": "may", "might": "may", "will": "will", "would": "would",
    "shall": "should", "should": "should", "must": "must",
}  # fmt: skip
_NEEDS: Final = frozenset(("must", "should"))
_REQUIRED: Final = frozenset("need needs needed necessary required requires require".split())


class Reading(Struct, frozen=True):
    """`words` are the text's without greetings and frames. `asks` is each wh-word's class in order,
    "how" for any frame that asks for a way; `kind` the first of them, "whether" or "told"."""

    words: tuple[Word, ...]
    kind: str
    asks: tuple[str, ...]
    modals: frozenset[str]
    past: bool
    nots: int
    persons: tuple[str, ...]
    particles: tuple[str, ...]


@lru_cache(maxsize=2_000)
def read(text: str) -> Reading:
    """Pure; kept for the texts that were compared last."""
    words = words_of(text)
    lows = [word.low if not word.hard else "#" for word in words]
    lows, words = _without_closer(lows, words)
    gone = _opened(lows)
    lows, words = lows[gone:], words[gone:]
    framed = _gone(lows, _HOW)
    lows, words = lows[framed:], words[framed:]
    asks = tuple(["how"] * bool(framed) + _asks(lows))
    kind = _kind(lows, asks, bool(framed), text)
    lows = [*lows, ""]
    return Reading(
        words,
        kind,
        asks,
        _modals(lows, kind),
        any(low in grammar.PAST for low in lows),
        sum(low in grammar.NOT for low in lows[1 if lows[1:2] == [","] else 0 :]),
        _persons(lows, kind),
        tuple(sorted([*_particles(lows, kind), *_named(lows)])),
    )


def _particles(lows: list[str], kind: str) -> list[str]:
    return [low for low in lows if low in (_TOLD if kind == "told" else _PARTICLES)]


def _named(lows: list[str]) -> list[str]:
    """Small words that are the name of a thing, as in "a for loop"."""
    return [
        f"{low} {thing}"
        for low, thing in pairwise(lows)
        if thing in _NAMED_SO and low in grammar.FUNCTION and low not in grammar.ARTICLES
    ]


_PARTICLES: Final = frozenset(
    "up down out off against without under below before after than since until or".split()
)
_NAMED_SO: Final = frozenset(
    "loop loops statement statements clause clauses operator operators keyword keywords gate gates"
    " join joins block blocks expression expressions".split()
)
_TOLD: Final = frozenset("off against without before after".split())


def _persons(lows: list[str], kind: str) -> tuple[str, ...]:
    """Who is spoken of, in order; "I" and "you" stand for anyone where nobody else is."""
    third = [who for low in lows if (who := grammar.PERSONS.get(low))]
    if kind == "told":
        return tuple(who for who in third if who != "they")
    every = [who for low in lows if (who := (grammar.PERSONS | grammar.SELVES).get(low))]
    return tuple(every if len(set(every)) > 1 else third)


def _opened(lows: list[str]) -> int:
    gone = 0
    while more := _gone(lows[gone:], _OPENERS):
        gone += more
    return gone


def _gone(lows: list[str], patterns: tuple[re.Pattern[str], ...]) -> int:
    """How many words the first pattern takes from the beginning."""
    start = " ".join(lows[:14]) + " "
    for pattern in patterns:
        if found := pattern.match(start):
            return len(found.group().split())
    return 0


def _without_closer(lows: list[str], words: tuple[Word, ...]) -> tuple[list[str], tuple[Word, ...]]:
    found = _CLOSER.search(" ".join(lows))
    keep = len(lows) - len(found.group().split()) if found else len(lows)
    return lows[:keep], words[:keep]


def _asks(lows: list[str]) -> list[str]:
    return [grammar.ASKING[low] for low in lows if low in grammar.ASKING]


def _kind(lows: list[str], asks: tuple[str, ...], framed: bool, text: str) -> str:
    first = lows[0] if lows else ""
    if framed or (first in grammar.ASKING and (first != "when" or "?" in text)):
        return asks[0]
    if "?" not in text and first not in grammar.BE | grammar.DO | grammar.MODAL:
        return "told"
    return asks[0] if asks and "," in lows else "whether"


def _modals(lows: list[str], kind: str) -> frozenset[str]:
    found = {_MODALS[low] for low in lows if low in _MODALS}
    if any(low in grammar.HAVE and after == "to" for low, after in pairwise(lows)):
        found.add("must")
    if kind == "told":
        return frozenset(("must",)) if found & _NEEDS or _REQUIRED & set(lows) else frozenset()
    return frozenset() if kind in _ANY_MODAL else frozenset(found - {"would"})
