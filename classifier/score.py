"""A score of 0 to 100 with the parts that make it up."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from classifier.ask import Ask
from classifier.dimensions import DIMENSIONS
from classifier.features import Features, extract


class Part(Struct, frozen=True):
    """One dimension's share: value (0 to 100) times weight gives points, explained by evidence."""

    dimension: str
    value: float
    weight: float
    points: float
    evidence: str


class Score(Struct, frozen=True):
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


def values_of(features: Features) -> tuple[float, ...]:
    """What each dimension measures, 0 to 100, in the order of DIMENSIONS."""
    return tuple(round(row.measure(features)[0], 1) for row in DIMENSIONS)


def weights_of(given: Mapping[str, float] | None) -> tuple[float, ...]:
    """A weight for each dimension, in their order: the shipped one where none is given."""
    return tuple((given or {}).get(row.name, row.weight) for row in DIMENSIONS)


def total_of(values: Sequence[float], weights: Sequence[float]) -> float:
    """The total that `score_of` comes to, from values measured before."""
    exact = 0.0
    for value, weight in zip(values, weights, strict=True):
        exact += value * weight
    return round(exact * 100) / 100


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
