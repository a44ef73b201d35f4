"""Many JSON objects by the first of them and by what stands in each column."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import orjson

from proxy.rewrite.abridge.gist import Gist
from proxy.rewrite.abridge.view import Line

_FEWEST: Final = 12  # objects
_HEAD: Final = 2  # objects that stay whole
_VALUES: Final = 3  # of a column
_WIDEST: Final = 40  # characters of a value


def objects_gist(lines: list[Line]) -> Gist | None:
    """None for what is no array of objects that have the same keys."""
    rows = _rows(lines) if len(lines) >= _FEWEST else None
    if rows is None:
        return None
    columns = [f"{key}: {_summed([row[key] for row in rows])}" for key in rows[0]]
    head = [line.text for line in lines[:_HEAD]]
    said = [f"The first {_HEAD} of {len(rows)}, one a line:", *head, "In all:", *columns]
    return Gist("\n".join(said), len(rows) - _HEAD, "objects")


def _rows(lines: Sequence[Line]) -> list[dict[str, Any]] | None:
    if not lines[0].text.startswith("{"):
        return None
    try:
        rows = [orjson.loads(line.text) for line in lines]
    except orjson.JSONDecodeError:
        return None
    alike = all(isinstance(row, dict) and row.keys() == rows[0].keys() for row in rows)
    return rows if alike and rows[0] else None


def _summed(values: Sequence[Any]) -> str:
    """A column in a few words: its range, its commonest values, or how many it has."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return f"{min(values)} to {max(values)}"
    counts = Counter(_short(value) for value in values)
    if len(counts) > len(values) // 2:
        return f"{len(counts)} values"
    most = ", ".join(f"{value} ×{count}" for value, count in counts.most_common(_VALUES))
    more = len(counts) - _VALUES
    return f"{most}, {more} more" if more > 0 else most


def _short(value: Any) -> str:
    said = value if isinstance(value, str) else orjson.dumps(value).decode()
    return said if len(said) <= _WIDEST else f"{said[: _WIDEST - 1]}…"
