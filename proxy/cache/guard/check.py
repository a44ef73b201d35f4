"""The guard's decision: every difference between two texts is explained, or they differ."""

from collections.abc import Sequence
from typing import Final

from proxy.cache.guard import near
from proxy.cache.guard.align import Aligned, align, reversed_pair
from proxy.cache.guard.lexicon import LABELS, LIGHT, OPTIONAL
from proxy.cache.guard.order import order_differs, swapped
from proxy.cache.guard.reading import Reading
from proxy.cache.guard.roles import IMPERATIVES, Parts, parts_of, verbs_in
from proxy.cache.guard.sense import Sense, Verdict
from proxy.cache.guard.words import Word, words_of

MOST_WORDS: Final = 200  # and marks; longer texts are the same only word by word

Sides = tuple[list[int], list[int]]  # places of words of content, in each text


def compare(asked: Sense, kept: Sense) -> Verdict:
    """Whether the answer to `kept` answers `asked`. What can't be defended is not the same."""
    if _bare(asked.text) == _bare(kept.text):
        return Verdict(True, "same words")
    if why := differs(asked, kept):
        return Verdict(False, why)
    return Verdict(True, "every difference is explained")


def _bare(text: str) -> list[str]:
    """The text's words to the letter, its marks at the very end left out."""
    return text.strip().rstrip(".!? ").split()


def differs(asked: Sense, kept: Sense) -> str:
    """What tells two texts apart, in a few words; empty where nothing does."""
    if max(len(words_of(asked.text)), len(words_of(kept.text))) > MOST_WORDS:
        return "long, and not the same words"
    known = verbs_in(asked.text) | verbs_in(kept.text)
    one, other = parts_of(asked.text, known), parts_of(kept.text, known)
    if not one.content or not other.content:
        return "no words to compare"
    if why := _small_words(one.reading, other.reading):
        return why
    found = align(one.content, other.content)
    left = (_needed(one, found.left[0]), _needed(other, found.left[1]))
    pairs = tuple((a, b) for a, b, _ in found.pairs)
    if not (_is_statement(one) and _is_statement(other)) or _one_changed(one, other, found):
        return _unexplained(one, other, left) or order_differs(one, other, pairs)
    return (
        _facts(one, other, (_new_names(one, other, left[0]), _new_names(other, one, left[1])))
        or swapped(one, other, pairs)
        or _far((asked, kept), (one, other), left)
    )


def _small_words(one: Reading, other: Reading) -> str:
    told = one.kind == other.kind == "told"
    if one.kind != other.kind or (not told and sorted(one.asks) != sorted(other.asks)):
        return f"asks {' '.join(one.asks) or one.kind} / {' '.join(other.asks) or other.kind}"
    if one.nots != other.nots:
        return "one is negated"
    if one.modals ^ other.modals:
        return f"differ by {', '.join(sorted(one.modals ^ other.modals))}"
    if one.past != other.past:
        return "tenses differ"
    if one.persons != other.persons:
        return "persons differ"
    if one.particles != other.particles:
        return "small words differ: " + ", ".join(sorted({*one.particles} ^ {*other.particles}))
    return ""


def _is_statement(parts: Parts) -> bool:
    """Whether it tells how a thing is: no question, no command, nobody's own matter."""
    words = parts.reading.words
    return (
        parts.reading.kind == "told"
        and not any(word.low in ("i", "my", "me") for word in words)
        and not (words[0].lemmas & IMPERATIVES and not words[0].hard)
    )


def _one_changed(one: Parts, other: Parts, found: Aligned) -> bool:
    """Whether a word or a run of words stands where another stood, and all else is as it was."""
    here = [word.low for word in one.reading.words if not word.mark]
    there = [word.low for word in other.reading.words if not word.mark]
    start = 0
    while start < min(len(here), len(there)) and here[start] == there[start]:
        start += 1
    end = 0
    while end < min(len(here), len(there)) - start and here[-1 - end] == there[-1 - end]:
        end += 1
    return max(len(here), len(there)) - start - end <= 2 or not any(found.left)


def _needed(parts: Parts, left: Sequence[int]) -> list[int]:
    """Of the places left over, those whose words a text can't lose without saying else."""
    return [n for n in left if parts.content[n].hard or not parts.content[n].lemmas & OPTIONAL]


def _without_labels(one: Parts, other: Parts, left: Sides) -> Sides:
    """What is left without the labels beside a name, where only one side has such."""
    labels = [
        {n for n in side if _is_label(parts, n)}
        for parts, side in zip((one, other), left, strict=True)
    ]
    if all(labels):
        return left
    return [n for n in left[0] if n not in labels[0]], [n for n in left[1] if n not in labels[1]]


def _is_label(parts: Parts, n: int) -> bool:
    word = parts.content[n]
    near = parts.content[max(n - 1, 0) : n] + parts.content[n + 1 : n + 2]
    return not word.hard and bool(word.lemmas & LABELS) and any(one.hard for one in near)


def _new_names(parts: Parts, mate: Parts, left: Sequence[int]) -> list[int]:
    """Places in `left` without the names that the other text has too, if not as often."""
    there = {word.text for word in mate.content if not word.text[:1].isdigit()}
    return [n for n in left if parts.content[n].text not in there]


def _unexplained(one: Parts, other: Parts, left: Sides) -> str:
    """What is left on either side, told; empty where nothing is."""
    if why := _facts(one, other, left):
        return why
    sides = _said_words(one, other, _without_labels(one, other, left))
    return "not explained: " + _said(sides) if any(sides) else ""


def _facts(one: Parts, other: Parts, left: Sides) -> str:
    """Names, numbers and reverses among what is left."""
    sides = _said_words(one, other, left)
    if pair := reversed_pair(*sides):
        return f"{pair[0]} / {pair[1]} differ"
    hard = [[word for word in side if word.hard or word.named] for side in sides]
    return "names or numbers differ: " + _said(hard) if any(hard) else ""


def _far(senses: tuple[Sense, Sense], parts: tuple[Parts, Parts], left: Sides) -> str:
    """Words left over in one statement that nothing in the other is near to, told."""
    left = _without_labels(*parts, left)
    left = _new_names(parts[0], parts[1], left[0]), _new_names(parts[1], parts[0], left[1])
    lights = tuple(
        [bool(one.content[n].lemmas & LIGHT) for n in side]
        for one, side in zip(parts, left, strict=True)
    )
    far = near.near_enough(senses, (parts[0].content, parts[1].content), left, lights)
    if far is None:
        return "the statements are not near enough"
    sides = _said_words(*parts, far)
    return "not explained: " + _said(sides) if any(sides) else ""


def _said_words(one: Parts, other: Parts, left: Sides) -> tuple[list[Word], list[Word]]:
    return [one.content[n] for n in left[0]], [other.content[n] for n in left[1]]


def _said(sides: Sequence[Sequence[Word]]) -> str:
    return " / ".join(", ".join(word.text for word in side)[:40] or "–" for side in sides)
