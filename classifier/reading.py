"""Counts the concepts in a text: one pass over its words, against one vocabulary."""

import re
from collections import Counter

from classifier.words import (
    CHARACTERS,
    DETERMINERS,
    INFLECTED_AS_NOUNS_TOO,
    NEGATORS,
    PHRASE_STARTS,
    VOCABULARY,
    Entry,
)

_TOKEN = re.compile(r"[^\W_]+(?:\+\+|#)?(?:['-][^\W_]+)*|[.!?;:,]")
_STOPS = frozenset(".!?;:,")
_NEGATED_FOR = 3  # words after a negation that it reaches
_LONGEST_PHRASE = 3


def tokens_of(text: str) -> list[str]:
    """Lower-case words and punctuation marks, in order; curly apostrophes made straight."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def concepts_in(tokens: list[str], text: str) -> dict[str, int]:
    """How many distinct words or phrases speak of each concept; negated ones don't count."""
    counts = Counter(concept for entry in _entries(tokens) for concept in entry.concepts)
    if not text.isascii():
        counts.update(concept for part, concept in CHARACTERS if part in text)
    return dict(counts)


def _entries(tokens: list[str]) -> set[Entry]:
    found: set[Entry] = set()
    skip_to = negated_to = 0
    before = ""
    for at, token in enumerate(tokens):
        if at >= skip_to:
            if token in NEGATORS:
                negated_to = at + 1 + _NEGATED_FOR
            elif token in _STOPS:
                negated_to = 0
            entry, size = _longest(tokens, at, token)
            if entry and at >= negated_to and not _is_noun(entry, before):
                found.add(entry)
                skip_to = at + size
        before = token
    return found


def _longest(tokens: list[str], at: int, token: str) -> tuple[Entry | None, int]:
    if token in PHRASE_STARTS:
        for size in range(_LONGEST_PHRASE, 1, -1):
            entry = VOCABULARY.get(" ".join(tokens[at : at + size]))
            if entry:
                return entry, size
    return VOCABULARY.get(token), 1


def _is_noun(entry: Entry, before: str) -> bool:
    return entry.verb and before in DETERMINERS and entry.lemma in INFLECTED_AS_NOUNS_TOO
