"""Which word of one text stands for which of the other, and what is left over on either side."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from proxy.cache.guard.lemmas import lemmas
from proxy.cache.guard.lexicon import GROUPS, REVERSED
from proxy.cache.guard.words import Word

# Nouns made of verbs: "install", "installation".
_MADE: Final = ("ation", "ion", "ment", "ition", "ance", "al")
# Adverbs that say another thing than the adjective in them.
_OWN: Final = frozenset("hardly lately nearly barely highly shortly rarely mostly justly".split())


class Aligned(Struct, frozen=True):
    """`pairs` are (place in one, place in the other, how), by their places among the content words;
    `left` what only one side has."""

    pairs: tuple[tuple[int, int, str], ...]
    left: tuple[tuple[int, ...], tuple[int, ...]]


def align(one: Sequence[Word], other: Sequence[Word]) -> Aligned:
    """Pairs by the same word first, then by a listed equivalence; repeated words in their order."""
    pairs: list[tuple[int, int, str]] = []
    free = [set(range(len(one))), set(range(len(other)))]
    for how, fits in _WAYS:
        for a in sorted(free[0]):
            near = [b for b in sorted(free[1]) if fits(one[a], other[b])]
            if near:
                best = min(near, key=lambda b: _apart(a, b, one, other))
                pairs.append((a, best, how))
                free[0].discard(a)
                free[1].discard(best)
    return Aligned(tuple(sorted(pairs)), (tuple(sorted(free[0])), tuple(sorted(free[1]))))


def _apart(a: int, b: int, one: Sequence[Word], other: Sequence[Word]) -> float:
    """How far from the same place: words that stand twice are paired in their order."""
    ranks = _rank(one, a) - _rank(other, b)
    return abs(ranks) * 100 + abs(a / len(one) - b / len(other))


def _rank(words: Sequence[Word], at: int) -> int:
    """How many times the word at a place stood before it."""
    return sum(word.low == words[at].low for word in words[:at])


def _is_same(a: Word, b: Word) -> bool:
    if a.hard and b.hard:
        return a.text == b.text or (bool(a.lemmas and b.lemmas) and a.low == b.low)
    if a.hard or b.hard:
        hard = a if a.hard else b
        return a.low == b.low if hard.lemmas or hard.text.isupper() else a.text == b.text
    return a.low == b.low


def _is_form(a: Word, b: Word) -> bool:
    if (a.hard or b.hard) and not (a.lemmas and b.lemmas):
        return False
    return _forms(a.low, b.low)


@lru_cache(maxsize=20_000)
def _forms(a: str, b: str) -> bool:
    """Whether one is a form of the other, or both are forms of a word between them."""
    one, other = lemmas(a), lemmas(b)
    if a in other or b in one:
        return True
    shared = one & other
    # Two guesses at once ("rating", "rats") are not enough: the longest base must be shared.
    return bool(shared) and max(one - {a}, key=len, default=a) in other | {b}


def _is_listed(a: Word, b: Word) -> bool:
    return not (a.hard or b.hard) and _listed(a.low, b.low)


@lru_cache(maxsize=20_000)
def _listed(a: str, b: str) -> bool:
    return bool(_numbers(a) & _numbers(b))


@lru_cache(maxsize=20_000)
def _numbers(word: str) -> frozenset[int]:
    found = [GROUPS.get(lemma, frozenset()) for lemma in lemmas(word)]
    return frozenset().union(*found)


def _is_made(a: Word, b: Word) -> bool:
    if a.hard or b.hard:
        return False
    return bool(_made(a.low) & lemmas(b.low) or _made(b.low) & lemmas(a.low))


@lru_cache(maxsize=20_000)
def _made(noun: str) -> frozenset[str]:
    """Verbs of which `noun` may be made, of five letters or more."""
    singular = noun.removesuffix("s")
    found: set[str] = set()
    for ending in _MADE:
        stem = singular.removesuffix(ending)
        if stem != singular and len(stem) >= 5:
            found |= {stem, stem + "e", stem + "ate"}
    if singular.endswith("ification"):
        found.add(singular.removesuffix("ication") + "y")
    if noun.endswith("ly") and len(noun) > 5 and noun not in _OWN:
        found |= {noun[:-2], noun[:-3] + "y", noun[:-2] + "le"}
    return frozenset(found)


_WAYS: Final[tuple[tuple[str, Callable[[Word, Word], bool]], ...]] = (
    ("same", _is_same),
    ("form", _is_form),
    ("listed", _is_listed),
    ("made", _is_made),
)


def reversed_pair(one: Sequence[Word], other: Sequence[Word]) -> tuple[str, str] | None:
    """A word of each side that mean the reverse of each other."""
    index: dict[str, list[str]] = defaultdict(list)
    for word in other:
        for lemma in word.lemmas:
            index[lemma].append(word.low)
    for word in one:
        for lemma in word.lemmas:
            for pair in REVERSED:
                if lemma in pair:
                    (mate,) = pair - {lemma} or {lemma}
                    if mate in index:
                        return word.low, index[mate][0]
    return None
