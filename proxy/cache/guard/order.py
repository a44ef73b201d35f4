"""Whether matched words that changed places still play the parts that they played."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from proxy.cache.guard import grammar
from proxy.cache.guard.lexicon import LABELS, SYMMETRIC
from proxy.cache.guard.roles import Parts, agree, clash

Pair = tuple[int, int]  # places of a matched word among the content words of each text
# Ways that no wording of one statement exchanges.
_WAYS: Final = frozenset(
    frozenset(pair.split("/"))
    for pair in "from/to before/after with/without over/under in/out up/down for/against without/by"
    " without/obj without/subj without/in by/about".split()
)
_SKIPPED: Final = frozenset("a an the this that your its".split())
_OF: Final = frozenset(("of", "for", "in", "from", "'s", "within", "on", "to", "with"))


def order_differs(one: Parts, other: Parts, pairs: tuple[Pair, ...]) -> str:
    """The words whose parts or order differ, told in a few words; empty where none do."""
    for a, b in pairs:
        adverb = _is_adverb(one, a)
        if one.verb[a] == other.verb[b] and not adverb and clash(one.role[a], other.role[b]):
            if not _symmetric(one, other, one.content[a].low):
                return f"{one.content[a].text}: {one.role[a]} / {other.role[b]}"
    free = _is_moved(one, other)
    for first, second in _turned(pairs):
        if not _may_turn(one, other, first, second, free):
            return f"order of {one.content[first[0]].text}, {one.content[second[0]].text}"
    return ""


def swapped(one: Parts, other: Parts, pairs: tuple[Pair, ...]) -> str:
    """The words that took each other's place, told in a few words; empty where none did.

    For statements, which paraphrase puts in quite another order: only an exchange tells.
    """
    for a, b in pairs:
        if frozenset((one.role[a], other.role[b])) in _WAYS:
            return f"{one.content[a].text}: {one.role[a]} / {other.role[b]}"
    for first, second in combinations(sorted(pairs), 2):
        if not (one.verb[first[0]] or one.verb[second[0]]) and (
            (
                _exchanged(one, other, first, second)
                and clash(one.role[first[0]], one.role[second[0]])
            )
            or _slots(one, other, first, second)
        ):
            return f"{one.content[first[0]].text} and {one.content[second[0]].text} swapped"
    return ""


def _exchanged(one: Parts, other: Parts, first: Pair, second: Pair) -> bool:
    """Whether each plays in one text the part that the other word plays in the other."""
    here, there = one.role[first[0]], one.role[second[0]]
    return (other.role[second[1]], other.role[first[1]]) == (here, there) and here != there


def _slots(one: Parts, other: Parts, first: Pair, second: Pair) -> bool:
    """Whether each stands before or behind the small word that the other stood by."""
    if first[1] < second[1] or _coordinated(one, other, first, second):
        return False
    names = {one.content[first[0]].low, one.content[second[0]].low}
    for step in (-1, 1):
        here = _beside(one, first[0], step), _beside(one, second[0], step)
        there = _beside(other, second[1], step), _beside(other, first[1], step)
        if here == there and here[0] != here[1] and set(here) != names:
            return True
    return False


def _beside(parts: Parts, n: int, step: int) -> str:
    words, at = parts.reading.words, parts.at[n] + step
    while 0 <= at < len(words) and words[at].low in _SKIPPED:
        at += step
    return words[at].low if 0 <= at < len(words) else ""


def _turned(pairs: tuple[Pair, ...]) -> Iterator[tuple[Pair, Pair]]:
    """Pairs of matched words that stand in one order here and in the other there."""
    for first, second in combinations(sorted(pairs), 2):
        if first[1] > second[1]:
            yield first, second


def _is_moved(one: Parts, other: Parts) -> bool:
    """Whether words may have moved: always, but where both texts have the same words one run of
    them must have moved as a whole. Two words that changed places did not."""
    here, there = (
        [word.low for word in parts.reading.words if not word.mark] for parts in (one, other)
    )
    if sorted(here) != sorted(there):
        return True
    while here and here[0] == there[0]:
        here, there = here[1:], there[1:]
    while here and here[-1] == there[-1]:
        here, there = here[:-1], there[:-1]
    return any(here[n:] + here[:n] == there for n in range(len(here) + 1))


def _may_turn(one: Parts, other: Parts, first: Pair, second: Pair, free: bool) -> bool:
    return (
        (free and _keep_parts(one, other, first, second))
        or _coordinated(one, other, first, second)
        or _compound(one, other, first, second)
        or _labelled(one, other, first, second)
        or _symmetric(one, other, one.content[first[0]].low)
    )


def _keep_parts(one: Parts, other: Parts, first: Pair, second: Pair) -> bool:
    """Whether each plays its own part in both texts, a part that the other word never plays."""
    kept = []
    for a, b in (first, second):
        if one.verb[a] or other.verb[b]:
            kept.append("verb" if one.verb[a] and other.verb[b] else "")
        else:
            kept.append(one.role[a] if agree(one.role[a], other.role[b]) else "")
    if _exchanged(one, other, first, second):
        return False
    adverb = _is_adverb(one, first[0]) or _is_adverb(one, second[0])
    return adverb or (all(kept) and kept[0] != kept[1])


def _is_adverb(parts: Parts, a: int) -> bool:
    word = parts.content[a]
    return word.low.endswith("ly") and not (word.hard or word.named)


def _between(parts: Parts, a: int, b: int) -> list[str]:
    low, high = sorted((parts.at[a], parts.at[b]))
    return [word.low for word in parts.reading.words[low + 1 : high]]


def _coordinated(one: Parts, other: Parts, first: Pair, second: Pair) -> bool:
    """Whether both are members of a list in both texts, each with the same words about it."""
    return (
        _listed(one, first[0], second[0])
        and _listed(other, first[1], second[1])
        and all(_member(one, a) == _member(other, b) for a, b in (first, second))
    )


def _listed(parts: Parts, a: int, b: int) -> bool:
    low, high = sorted((parts.at[a], parts.at[b]))
    between = parts.reading.words[low + 1 : high]
    joined = any(word.low in grammar.AND or word.low == "," for word in between)
    return joined and all(
        word.content or word.low in grammar.AND | grammar.ARTICLES or word.low == ","
        for word in between
    ) and not any(parts.verb[n] for n, at in enumerate(parts.at) if low < at < high)  # fmt: skip


def _member(parts: Parts, a: int) -> frozenset[str]:
    """The words of the member of a list in which the word stands."""
    words, at = parts.reading.words, parts.at[a]
    start = end = at
    while start > 0 and words[start - 1].content and start - 1 not in _verbs(parts):
        start -= 1
    while end + 1 < len(words) and words[end + 1].content and end + 1 not in _verbs(parts):
        end += 1
    return frozenset(word.low for word in words[start : end + 1])


def _verbs(parts: Parts) -> frozenset[int]:
    return frozenset(at for at, verb in zip(parts.at, parts.verb, strict=True) if verb)


def _compound(one: Parts, other: Parts, first: Pair, second: Pair) -> bool:
    """Whether one text has "column names" and the other "names of the columns"."""
    return _of(one, first[0], second[0], other, first[1], second[1]) or _of(
        other, second[1], first[1], one, second[0], first[0]
    )


def _of(close: Parts, a: int, b: int, apart: Parts, c: int, d: int) -> bool:
    """`a` right before `b` in one text, and `d`, "of", `c` in the other."""
    if _between(close, a, b) or close.at[a] > close.at[b] or apart.at[d] > apart.at[c]:
        return False
    between = _between(apart, c, d)
    return bool(_OF & set(between)) and all(
        low in _OF or low in grammar.ARTICLES or low in grammar.GENERIC for low in between
    )


def _labelled(one: Parts, other: Parts, first: Pair, second: Pair) -> bool:
    """Whether one of the two is the other's label: the `hash` parameter, the parameter `hash`."""
    words = one.content[first[0]], one.content[second[0]]
    if not any(word.lemmas & LABELS for word in words) or not any(word.hard for word in words):
        return False
    return all(
        set(_between(parts, a, b)) <= {"the", "a", "named", "called"}
        for parts, a, b in ((one, first[0], second[0]), (other, first[1], second[1]))
    )


def _symmetric(one: Parts, other: Parts, word: str) -> bool:
    """Whether each text is one relation that holds both ways, between two names or nouns."""
    return all(_relates(parts) for parts in (one, other))


def _relates(parts: Parts) -> bool:
    words = parts.content
    symmetric = [n for n, word in enumerate(words) if word.lemmas & SYMMETRIC]
    if len(symmetric) != 1 or len(words) > 3:
        return False
    return len(words) == 3 and parts.reading.kind == "whether" and symmetric[0] == 1
