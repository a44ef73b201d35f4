"""A score of 0 to 100 with the parts that make it up."""

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.ask import Ask
from classifier.dimensions import DIMENSIONS
from classifier.features import extract


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
    features = extract(ask)
    parts = tuple(
        _part(row.name, *row.measure(features), (weights or {}).get(row.name, row.weight))
        for row in DIMENSIONS
    )
    return Score(round(sum(part.points for part in parts), 2), parts)


def _part(name: str, value: float, evidence: str, weight: float) -> Part:
    return Part(name, value, weight, round(value * weight, 2), evidence)
