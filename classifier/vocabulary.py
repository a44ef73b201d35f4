"""The vocabulary built from the words: every form of every entry, looked up in one step."""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain

from msgspec import Struct

from classifier.words import (
    NOUNS,
    OTHER,
    OTHER_PHRASES,
    PHRASES,
    SUBSTRINGS,
    TASK_NOUNS,
    VERBS,
)


class Entry(Struct, frozen=True, eq=False):
    """One word or phrase, and what it speaks of: anywhere, and only where a clause begins."""

    lemma: str
    anywhere: tuple[str, ...]
    leading: tuple[str, ...]


def _ending(lemma: str) -> str:
    return lemma[:-1] + "ies" if lemma.endswith("y") else lemma + "s"


def _past_and_gerund(lemma: str) -> tuple[str, str]:
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    doubles = len(lemma) < 6 and lemma[-1] in "bgmnpt" and lemma[-2] in "aeiou"
    stem = lemma + lemma[-1] if doubles and lemma[-3] not in "aeiou" else stem
    return stem + "ed", stem + "ing"


def _spellings(form: str) -> set[str]:
    british = form.replace("yz", "ys").replace("iz", "is")
    return {spelling.replace("-", gap) for spelling in (form, british) for gap in ("-", " ")}


def _speaking() -> Iterator[tuple[str, str, bool]]:
    """Each form, its concept, and whether it must lead a clause."""
    for concept, text in VERBS.items():
        for lemma in text.split():
            past, gerund = _past_and_gerund(lemma)
            yield from ((lemma, concept, True), (past, concept, True), (gerund, concept, True))
    for table in (NOUNS, TASK_NOUNS):
        for concept, text in table.items():
            for lemma in text.split():
                yield from ((form, concept, False) for form in (lemma, _ending(lemma)))
    for table, cut in ((PHRASES, "|"), (OTHER_PHRASES, "|"), (OTHER, None)):
        for concept, text in table.items():
            yield from ((lemma, concept, False) for lemma in text.split(cut))


def _build() -> dict[str, Entry]:
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for form, concept, leads in _speaking():
        for spelling in _spellings(form):
            found.setdefault(spelling, ({}, {}))[leads][concept] = None
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}  # most say the same as many others

    def one(concepts: dict[str, None]) -> tuple[str, ...]:
        given = tuple(concepts)
        return shared.setdefault(given, given)

    return {
        form: Entry(form, one(anywhere), one(leading))
        for form, (anywhere, leading) in found.items()
    }


VOCABULARY = _build()
PHRASE_STARTS: dict[str, set[str]] = {}  # first word of a phrase → the second words it may have
for _first, _second, *_ in (key.split(" ") for key in VOCABULARY if " " in key):
    PHRASE_STARTS.setdefault(_first, set()).add(_second)
CHARACTERS = tuple(
    (part, concept) for concept, text in SUBSTRINGS.items() for part in text.split("|")
)

_SHORTEST_SWAPPED = 5
_SHORTEST_MISSING = 9  # shorter words with a letter less are words of their own too often
_LONGEST = 24
_WORDS = {word for key in VOCABULARY for word in key.split(" ") if word.isascii()}
_COMMON = frozenset("through though united where there these cross flies".split())


@cache
def _by_ends() -> dict[tuple[int, str, str], list[str]]:
    """The words long enough to miss a letter, by their length, first and last letters."""
    found: dict[tuple[int, str, str], list[str]] = {}
    for word in sorted(_WORDS):
        if len(word) >= _SHORTEST_MISSING:
            found.setdefault((len(word), word[0], word[-1]), []).append(word)
    return found


def compiled() -> None:
    """Has what misspellings are told by at hand: for a thread, before the first request."""
    _by_ends()


def respelt(token: str) -> str:
    """The vocabulary's word that `token` is a misspelling of, or `token`; a number is none."""
    if not _SHORTEST_SWAPPED <= len(token) <= _LONGEST or token[0].isdigit():
        return token
    if token in _WORDS or token in _COMMON:
        return token
    return _meant(token)


@lru_cache(2_048)
def _meant(token: str) -> str:
    near = chain(_swapped(token), _with_one_more(token), _without_one(token))
    return next((word for word in near if word in _WORDS), token)


def _swapped(token: str) -> Iterator[str]:
    """`token` with two neighbours among its inner letters changed round."""
    for at in range(1, len(token) - 1):
        yield token[:at] + token[at + 1] + token[at] + token[at + 2 :]


def _with_one_more(token: str) -> Iterator[str]:
    """The words that `token` would be with one more inner letter."""
    for word in _by_ends().get((len(token) + 1, token[0], token[-1]), ()):
        if any(word[:at] + word[at + 1 :] == token for at in range(1, len(word) - 1)):
            yield word


def _without_one(token: str) -> Iterator[str]:
    """`token` less one of its inner letters, where that makes a long enough word."""
    if len(token) > _SHORTEST_MISSING:
        for at in range(1, len(token) - 1):
            yield token[:at] + token[at + 1 :]
