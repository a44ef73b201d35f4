"""Figures as lines that a person reads."""

from collections.abc import Iterator
from typing import Any


def lines_of_figures(figures: dict[str, Any], inside: str = "") -> Iterator[str]:
    """A line a figure, its name first; a table inside becomes lines under its name."""
    for name, value in figures.items():
        words = name.replace("_", " ")
        if not isinstance(value, dict):
            yield f"{inside}{words:<{34 - len(inside)}} {_said(value)}"
        elif all(isinstance(one, int) for one in value.values()):
            counts = "  ".join(f"{key} {count:,}" for key, count in value.items())
            yield f"{inside}{words:<{34 - len(inside)}} {counts}"
        else:
            yield f"{inside}{words}"
            yield from lines_of_figures(value, inside + "  ")


def _said(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
