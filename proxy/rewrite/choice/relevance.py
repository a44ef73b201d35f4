"""How much the words of a turn speak of each tool: stems and synonyms, weighed by rarity."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Any, Final

from msgspec import Struct

from proxy.dialects.model import Tool
from proxy.rewrite.choice.synonyms import DEED_STEMS, GROUPS
from proxy.rewrite.choice.words import stems


class Weights(Struct, frozen=True):
    """What a match is worth, by where in the tool the word stands; fitted, see docs/tools.md."""

    name: float = 3.4
    first: float = 2.2  # the description's first sentence
    rest: float = 0.9  # what follows
    parameter: float = 1.1
    told: float = 0.12  # a parameter's description
    enum: float = 1.6
    synonym: float = 0.22  # of a thing
    deed: float = 0.12  # a synonym of a deed
    verb: float = 0.9  # a deed's own word
    value: float = 0.12  # a word that a value in the text stands for
    common: float = 0.1  # what a word is worth that all tools have
    prior: float = 0.5
    share: float = 0.45  # of the best score, that keeps a tool
    floor: float = 2.0  # a best score below it says nothing
    clause: float = 5.0  # a best score of one clause above it keeps that tool, too


WEIGHTS: Final = Weights()

_CLAUSE: Final = re.compile(r"[.?!;\n]+\s+|\band then\b|\bthen\b|\balso\b|\band\b")
_SHORTEST: Final = 12  # characters that make a clause
_MOST_CLAUSES: Final = 40
_NEARLY: Final = 0.99

# A value in the text speaks of the parameters that take such values.
_VALUES: Final = (
    (re.compile(r"https?://|www\.|\b[\w-]{1,60}\.(?:com|org|net|io)\b"), "url link website web"),
    (re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}\.\w"), "email mail"),
    (re.compile(r"[$€£¥]\s?\d|\b\d+ ?(?:dollars|euros|usd|eur)\b", re.I), "price money amount"),
    (
        re.compile(
            r"\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)"
            r"[a-z]*\b|\b(?:to(?:day|morrow)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
            re.I,
        ),
        "date day",
    ),
    (re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2} ?(?:am|pm)\b", re.I), "time hour"),
    (re.compile(r"\b(?:in|at|near|from|to) [A-Z][a-z]+|, [A-Z]{2}\b"), "location city place"),
    (re.compile(r"[\w-]{1,60}\.(?:txt|pdf|csv|docx?|json|md|py|xlsx?)\b", re.I), "file document"),
    (re.compile(r"\d ?[-+*/^×÷] ?\d"), "calculate math"),
    (re.compile(r"\d (?:times|multiplied by|x) \d"), "multiply product calculate"),
    (re.compile(r"\d (?:divided by|over) \d"), "divide quotient calculate"),
    (re.compile(r"\d (?:plus|and) \d"), "add sum"),
    (re.compile(r"\d (?:minus|less) \d"), "subtract"),
    (re.compile(r"\+?\d[\d ()-]{8,20}\d"), "phone number"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\blocalhost\b"), "host server ip"),
)


class Index:
    """The words of a list of tools; made once a list."""

    def __init__(self, tools: Sequence[Tool], weights: Weights = WEIGHTS) -> None:
        self.size = len(tools)
        self._weights = weights
        held = [_terms(tool, weights) for tool in tools]
        self._places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, terms in enumerate(held):
            for term, weight in terms.items():
                self._places[term].append((number, weight))
        for places in self._places.values():
            self._rare(places)

    def _rare(self, places: list[tuple[int, float]]) -> None:
        """Weigh a word by how few tools have it; one that only says it by the way counts less."""
        most = max(weight for _, weight in places)
        spread = sum(weight for _, weight in places) / most
        prior = self._weights.prior
        rarity = max(log((self.size + prior) / (spread + prior)), 0) + self._weights.common
        places[:] = [(number, weight * rarity) for number, weight in places]

    def scores(self, text: str) -> list[float]:
        """How much `text` speaks of each tool, in their order."""
        found = [0.0] * self.size
        for term, weight in _asked(text, self._weights).items():
            for number, worth in self._places.get(term, ()):
                found[number] += weight * worth
        return found

    def relevant(self, text: str) -> set[int] | None:
        """The tools that `text` may speak of; None where it says too little to tell."""
        scores = self.scores(text)
        best = max(scores, default=0.0)
        if best < self._weights.floor:
            return None
        least = best * self._weights.share
        found = {number for number, score in enumerate(scores) if score >= least}
        for clause in _clauses(text):
            found |= self._foremost(clause)
        return found

    def spoken(self, text: str, sure: float) -> set[int]:
        """The tools that `text` speaks of for sure: among the best, and with more than a word."""
        scores = self.scores(text)
        least = max(max(scores, default=0.0) * self._weights.share, sure)
        return {number for number, score in enumerate(scores) if score >= least}

    def _foremost(self, clause: str) -> set[int]:
        """What one clause speaks of most: a person may ask for several things at once."""
        scores = self.scores(clause)
        best = max(scores, default=0.0)
        if best < self._weights.clause:
            return set()
        return {number for number, score in enumerate(scores) if score >= best * _NEARLY}


def _clauses(text: str) -> list[str]:
    parts = [one for one in _CLAUSE.split(text) if len(one) > _SHORTEST]
    return parts[:_MOST_CLAUSES] if len(parts) > 1 else []


def _asked(text: str, weights: Weights) -> Mapping[str, float]:
    """What a text asks for: its stems and their groups, with what a match is worth."""
    asked: dict[str, float] = {}
    for one in stems(text):
        asked[one] = weights.verb if one in DEED_STEMS else 1.0
        for group in GROUPS.get(one, ()):
            asked[group] = weights.deed if group[0] == "!" else weights.synonym
    for pattern, speaks in _VALUES:
        if pattern.search(text):
            for one in stems(speaks):
                asked.setdefault(one, weights.value)
    return asked


def _terms(tool: Tool, weights: Weights) -> dict[str, float]:
    """A tool's stems and groups, each by the best place in which it stands."""
    held: dict[str, float] = {}
    for text, weight in _fields(tool, weights):
        for one in stems(text):
            for term in (one, *GROUPS.get(one, ())):
                if held.get(term, 0.0) < weight:
                    held[term] = weight
    return held


def _fields(tool: Tool, weights: Weights) -> Iterator[tuple[str, float]]:
    yield tool.name, weights.name
    first, _, rest = tool.description.partition(". ")
    yield first, weights.first
    yield rest, weights.rest
    yield from _schema(tool.schema, weights)


def _schema(schema: Any, weights: Weights, depth: int = 0) -> Iterator[tuple[str, float]]:
    if not isinstance(schema, dict) or depth > 6:
        return
    if depth and isinstance(schema.get("description"), str):
        yield schema["description"], weights.told
    enum = schema.get("enum")
    if isinstance(enum, list):
        yield " ".join(one for one in enum[:100] if isinstance(one, str)), weights.enum
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name, inner in properties.items():
            yield str(name), weights.parameter
            yield from _schema(inner, weights, depth + 1)
    yield from _schema(schema.get("items"), weights, depth + 1)
