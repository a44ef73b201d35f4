"""A score's parts as the ledger keeps them: their figures, by dimension.

Their evidence, two thirds of their text, follows from the features that are kept beside them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec.json import encode
from msgspec.structs import asdict

from classifier.dimensions import DIMENSIONS
from classifier.score import Part
from proxy.past.rescore import unpacked

_MEASURES: Final = {row.name: row.measure for row in DIMENSIONS}


def figures_json(parts: Iterable[Part]) -> str:
    """Value, weight and points of each."""
    return encode({one.dimension: (one.value, one.weight, one.points) for one in parts}).decode()


def parts_of(figures: Mapping[str, tuple[float, float, float]], features: str) -> list[Any]:
    """The parts again, as objects of JSON; without evidence where there are no features, or this
    build knows no such dimension."""
    measured = unpacked(features) if features else None
    found = []
    for name, kept in figures.items():
        measure = _MEASURES.get(name)
        evidence = measure(measured)[1] if measure and measured else ""
        found.append(asdict(Part(name, *kept, evidence)))
    return found
