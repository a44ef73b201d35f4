"""A score of 0 to 100 with the parts that make it up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from classifier.ask import Ask
from classifier.dimensions import DIMENSIONS
from classifier.features import Features, extract


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension's share: value (0 to 100) times weight gives points, explained by evidence."""

    dimension: str
    value: float
    weight: float
    points: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of the parts' points, 0 to 100."""

    total: float
    parts: tuple[Part, ...]


def score(ask: Ask, weights: Mapping[str, float] | None = None) -> Score:
    """Score a request; `weights` (dimension → share, summing to 1) replace the shipped ones."""
    return score_of(extract(ask), weights)


def score_of(features: Features, weights: Mapping[str, float] | None = None) -> Score:
    """The same from features measured before, so that past traffic can be scored again."""
    parts = tuple(_parts(features, weights or {}))
    return Score(round(sum(part.points for part in parts), 2), parts)


def _parts(features: Features, weights: Mapping[str, float]) -> Iterator[Part]:
    """Points are steps of a running sum in whole cents: they add up to the total."""
    exact, shown = 0.0, 0
    for row in DIMENSIONS:
        value, evidence = row.measure(features)
        value, weight = round(value, 1), weights.get(row.name, row.weight)
        exact += value * weight
        cents = round(exact * 100)
        yield Part(row.name, value, weight, (cents - shown) / 100, evidence)
        shown = cents
