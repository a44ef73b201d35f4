"""Counts inside usage objects: read along a path, added up, written where known."""

from proxy.dialects.counted import a_count
from proxy.dialects.model import Body, Json


def first_count(raw: Body, paths: tuple[tuple[str, ...], ...]) -> int | None:
    """The first count that any of `paths` leads to."""
    counts = (count_at(raw, path) for path in paths)
    return next((count for count in counts if count is not None), None)


def count_at(raw: Json, path: tuple[str, ...]) -> int | None:
    """The count that `path` leads to; None where there is none."""
    for step in path:
        raw = raw.get(step) if isinstance(raw, dict) else None
    return a_count(raw)


def total(first: int | None, *others: int | None) -> int | None:
    """All together, the others being 0 where unknown; None without the first."""
    return None if first is None else first + sum(other or 0 for other in others)


def known(fields: Body) -> Body:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}
