"""A count of tokens, as any provider may say it."""

from typing import Final

from proxy.dialects.model import Json

MOST: Final = 10**12  # tokens; nobody bills more, and sums of it can be written


def a_count(value: Json) -> int | None:
    """`value` where it can be a count; None for anything else."""
    return value if type(value) is int and 0 <= value <= MOST else None
