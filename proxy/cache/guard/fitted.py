"""What `tests/benchmarks/fit_guard.py` fitted: cosines from which statements' words are near."""

from typing import Final

# A word that only one of two statements has is explained by a word of the other at the first of
# these, a light one ("use", "allow") at the second; both statements as wholes at the third.
NEAR: Final = 0.55
NEAR_LIGHT: Final = 0.35
NEAR_WHOLE: Final = 0.85
