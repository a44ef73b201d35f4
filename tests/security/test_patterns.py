"""A user's pattern can't stall the proxy: it takes linear time, and bounded memory."""

import time

import pytest

from classifier.force import ForcePattern, compile_patterns
from classifier.tiers import Tier

ENDLESS = [r"^(a+)+$", r"^(a|aa)+$", r"^(.*a){20}b$"]
HUGE = [r"((a{100}){100}){100}", r"a{2000}"]


@pytest.mark.parametrize("pattern", ENDLESS)
def test_a_pattern_that_would_never_end_elsewhere_ends(pattern: str) -> None:
    forces = compile_patterns([ForcePattern("mine", pattern, Tier.SIMPLE)], builtin=False)
    began = time.process_time()
    assert forces.match("a" * 20_000 + "!") is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize("pattern", HUGE, ids=["nested", "repeated"])
def test_a_pattern_that_is_too_large_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(ValueError, match="force-pattern 'mine'"):
        compile_patterns([ForcePattern("mine", pattern, Tier.SIMPLE)], builtin=False)
