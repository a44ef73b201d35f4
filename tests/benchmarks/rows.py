"""One row a benchmark: what was measured, the bare pass-through beside it, and the budget."""

import operator
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any, Final

import orjson

HEAD: Final = ("work", "bare", "measured", "ratio", "budget", "met")
_HOLDS: Final = {"≤": operator.le, "≥": operator.ge}


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is the median of the runs' own ratios; `met` is None where there is no budget."""

    work: str
    unit: str
    ours: float
    bare: float | None = None
    ratio: float | None = None
    budget: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The row as text, for HEAD."""
        return (
            self.work,
            "" if self.bare is None else _figure(self.bare, self.unit),
            _figure(self.ours, self.unit),
            "" if self.ratio is None else f"{self.ratio:.2f}",
            self.budget,
            {True: "yes", False: "**no**", None: ""}[self.met],
        )


def alone(work: str, unit: str, ours: float, most: float | None = None) -> Row:
    """A figure of the proxy by itself, with the most that the budget allows."""
    budget = "" if most is None else f"≤ {_figure(most, unit)}"
    return Row(work, unit, ours, budget=budget, met=None if most is None else ours <= most)


def beside(
    work: str,
    unit: str,
    pairs: Iterable[tuple[float, float]],
    sign: str = "≤",
    bound: float | None = None,
) -> Row:
    """Runs of bare and proxy by turns, as pairs; `bound` is what the budget says of the ratio."""
    bare, ours = zip(*pairs, strict=True)
    ratio = median(our / its for its, our in zip(bare, ours, strict=True))
    row = Row(work, unit, median(ours), median(bare), ratio)
    if bound is None:
        return row
    return replace(row, budget=f"{sign} {bound:g} × bare", met=_HOLDS[sign](ratio, bound))


def markdown(rows: Iterable[Row]) -> str:
    """The table as Markdown."""
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells() for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def as_json(rows: Iterable[Row], facts: dict[str, Any]) -> bytes:
    """The same with the `facts` of the run (machine, versions), for scripts."""
    found = {**facts, "rows": [asdict(row) for row in rows]}
    return orjson.dumps(found, option=orjson.OPT_INDENT_2)


def _figure(value: float, unit: str) -> str:
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{number}{unit}" if unit.startswith("/") else f"{number} {unit}"
