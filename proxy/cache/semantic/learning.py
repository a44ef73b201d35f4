"""How likely an entry's next hit is to be wrong, learned from how its earlier ones turned out.

After vCache (arXiv 2502.03771): each entry has its own curve of being right over similarity, and is
tried upstream until the curve is good enough. Here the curve mixes two kinds of entry. With a plain
one, the guard's verdict is as good as it is in general. With a tricky one, a small share, questions
below some similarity unknown beforehand ask something else. What was seen shifts the mix.
"""

import math
from collections.abc import Iterable
from typing import Final

GUARD_WRONG: Final = 0.003  # share of the guard's verdicts that may be wrong: see docs/cache.md
TRICKY: Final = 0.012  # share of entries that are tricky, before anything was seen
STEEP: Final = 40.0  # of the curve, per unit of similarity
_THRESHOLDS: Final = tuple(0.60 + 0.01 * n for n in range(44))  # where a tricky entry may turn
FIRST_CHECKS: Final = 0.2  # share of a new entry's hits that are checked where the risk is highest
LEAST_CHECKS: Final = 0.01

Outcome = tuple[float, bool]  # a similarity, and whether the answer was right


def wrong(outcomes: Iterable[Outcome], similarity: float) -> float:
    """The chance, from 0 to 1, that a hit at `similarity` is wrong, after these outcomes."""
    seen = list(outcomes)
    plain = (1 - TRICKY) * math.prod(_likely(right, GUARD_WRONG) for _, right in seen)
    prior = TRICKY / len(_THRESHOLDS)
    weighed = [
        (threshold, prior * math.prod(_likely(right, _bad(threshold, at)) for at, right in seen))
        for threshold in _THRESHOLDS
    ]
    total = plain + sum(weight for _, weight in weighed)
    bad = plain * GUARD_WRONG + sum(w * _bad(threshold, similarity) for threshold, w in weighed)
    return bad / total if total else 1.0


def checks(risk: float, max_wrong: float, outcomes: int) -> float:
    """The share of hits that go upstream to be compared, from 0 to 1: all of them where the `risk`
    of a wrong one is too high; else less the lower it is, and the more outcomes were seen."""
    if risk >= max_wrong:
        return 1.0
    return max(LEAST_CHECKS, FIRST_CHECKS * risk / max_wrong / (1 + outcomes))


def _bad(threshold: float, similarity: float) -> float:
    """The chance of a wrong answer from a tricky entry that turns at `threshold`."""
    curve = 1 / (1 + math.exp(-STEEP * (threshold - similarity)))
    return GUARD_WRONG + (1 - GUARD_WRONG) * curve


def _likely(right: bool, bad: float) -> float:
    return 1 - bad if right else bad
