"""Counts the concepts in a text: one pass over its words, against one vocabulary."""

import re
from collections import Counter

from classifier.vocabulary import CHARACTERS, PHRASE_STARTS, VOCABULARY, Entry, respelt
from classifier.words import LEADERS, NEGATORS

_TOKEN = re.compile(r"[^\W_]+(?:\+\+|#)?(?:['-][^\W_]+)*|[.!?;:,]")
_STOPS = frozenset(".!?;:,")
_OPTIONS = frozenset("abcdefghij")
_RESPELT = 150  # tokens; past that a misspelt word tips no scale
_NEGATED_FOR = 3  # words after a negation that it reaches
_LONGEST_PHRASE = 3
_TELLING = frozenset(PHRASE_STARTS).union(VOCABULARY, NEGATORS, _STOPS)


def tokens_of(text: str) -> list[str]:
    """Lower-case words and punctuation marks, in order; curly apostrophes made straight."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def respell(tokens: list[str]) -> list[str]:
    """The same with misspelt words of the vocabulary put right, in a text short enough."""
    return [respelt(token) for token in tokens] if len(tokens) <= _RESPELT else tokens


def concepts_in(tokens: list[str], text: str) -> dict[str, int]:
    """How many distinct words or phrases speak of each concept; negated ones don't count."""
    spoken: set[tuple[str, str]] = set()
    for entry, leads in _entries(tokens):
        stem = entry.lemma[:5]  # inflections of one word count once
        spoken.update((stem, concept) for concept in entry.anywhere)
        if leads:
            spoken.update((stem, concept) for concept in entry.leading)
    counts = Counter(concept for _, concept in spoken)
    if not text.isascii():
        lower = text.lower()
        counts.update(concept for part, concept in CHARACTERS if part in lower)
    return dict(counts)


def _entries(tokens: list[str]) -> set[tuple[Entry, bool]]:
    """The entries met, each with whether it led a clause."""
    found: set[tuple[Entry, bool]] = set()
    skip_to = negated_to = 0
    for at, token in enumerate(tokens):
        if token not in _TELLING:
            continue
        if token in NEGATORS:
            negated_to = at + 1 + _NEGATED_FOR
        elif token in _STOPS:
            negated_to = 0
        elif at >= skip_to and at >= negated_to:
            entry, size = _longest(tokens, at, token)
            if entry:
                found.add((entry, bool(entry.leading) and _leads(tokens, at)))
                skip_to = at + size
    return found


def _leads(tokens: list[str], at: int) -> bool:
    """Whether a clause begins at `at`; the full stop of an option's letter ("A.") begins none."""
    before = tokens[at - 1] if at else "."
    if before in _STOPS:
        return not (at > 1 and tokens[at - 2] in _OPTIONS)
    return before in LEADERS or before.endswith("ly")


def _longest(tokens: list[str], at: int, token: str) -> tuple[Entry | None, int]:
    follow = PHRASE_STARTS.get(token)
    if follow and at + 1 < len(tokens) and tokens[at + 1] in follow:
        for size in range(_LONGEST_PHRASE, 1, -1):
            entry = VOCABULARY.get(" ".join(tokens[at : at + size]))
            if entry:
                return entry, size
    return VOCABULARY.get(token), 1
