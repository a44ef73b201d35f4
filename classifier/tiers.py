"""The four tiers, and the boundaries that cut a score into them."""

from collections.abc import Sequence
from enum import IntEnum


class Tier(IntEnum):
    """How much model a request needs; a larger value is a stronger tier."""

    SIMPLE = 0
    MEDIUM = 1
    COMPLEX = 2
    REASONING = 3


DEFAULT_BOUNDARIES = (20.0, 51.0, 76.0)


def tier_of(total: float, boundaries: Sequence[float] = DEFAULT_BOUNDARIES) -> Tier:
    """The tier of a score of 0 to 100: SIMPLE below the first boundary, REASONING from the last."""
    return Tier(sum(total >= boundary for boundary in boundaries))
