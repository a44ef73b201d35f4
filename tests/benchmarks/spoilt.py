"""Statements spoilt for the fit of the guard: a word changed for another, two words swapped."""

from collections.abc import Iterator, Sequence
from random import Random

from proxy.cache.guard.lemmas import lemmas
from proxy.cache.guard.lexicon import GROUPS
from proxy.cache.guard.words import Word, words_of

_ENDINGS = ("ing", "ed", "ly", "s", "")
Words = dict[str, list[str]]


def vocabulary(texts: Sequence[str]) -> Words:
    """The plain words of `texts` by their ending, as often as they stand there."""
    found: Words = {ending: [] for ending in _ENDINGS}
    for text in texts:
        for word in _plain(text):
            found[_ending(word.low)].append(word.low)
    return found


def changed(text: str, words: Words, random: Random) -> str | None:
    """`text` with a word changed for one of the same ending that is no listed equivalent."""
    plain = _plain(text)
    if not plain:
        return None
    word = random.choice(plain)
    for other in random.choices(words[_ending(word.low)], k=20):
        if not _alike(word.low, other):
            return text[: word.start] + other + text[word.end :]
    return None


def swapped(text: str, random: Random) -> str | None:
    """`text` with two words swapped that stand apart and in no list of one another."""
    words = words_of(text)
    places = [n for n, word in enumerate(words) if word.content and len(word.low) > 3]
    apart = [(a, b) for a, b in _couples(places) if b - a > 2 and words[a].low != words[b].low]
    apart = [(a, b) for a, b in apart if not {"and", "or", ","} & {w.low for w in words[a:b]}]
    if not apart:
        return None
    a, b = (words[n] for n in random.choice(apart))
    return (
        text[: a.start]
        + text[b.start : b.end]
        + text[a.end : b.start]
        + text[a.start : a.end]
        + text[b.end :]
    )


def _couples(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    for n, a in enumerate(places):
        for b in places[n + 1 :]:
            yield a, b


def _plain(text: str) -> list[Word]:
    return [
        word
        for word in words_of(text)
        if word.content and not word.hard and word.text.islower() and len(word.low) > 3
    ]


def _ending(word: str) -> str:
    return next(ending for ending in _ENDINGS if word.endswith(ending))


def _alike(one: str, other: str) -> bool:
    groups = [
        frozenset[int]().union(*(GROUPS.get(lemma, frozenset()) for lemma in lemmas(word)))
        for word in (one, other)
    ]
    return bool(lemmas(one) & lemmas(other) or groups[0] & groups[1])
