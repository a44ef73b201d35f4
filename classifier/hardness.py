"""How hard questions of these words have been for models: a table of stems, learned from data.

`python -m tests.benchmarks.fit_hardness` fits the table on public answers of weak and strong models
(GSM8K, MMLU, LLMRouter) and prints its cross-validated worth.
"""

import re
from math import sqrt

from classifier.hardness_table import TABLE

STEM = 7  # letters that stand for a word
DAMPING = 30  # a short text says little about itself
_WORD = re.compile(r"[a-z]{3,}|\d+(?:[.,]\d+)*|[%$=]")
_NUMBER = "#"


def _weights() -> dict[str, float]:
    """Each stem's weight; the table holds thousandths."""
    pairs = (entry.rsplit(":", 1) for entry in TABLE.split())
    return {stem: int(weight) / 1000 for stem, weight in pairs}


def stems_of(text: str) -> set[str]:
    """The stems of the words in a text; all numbers are one."""
    return {
        _NUMBER if found[0].isdigit() else found[:STEM] for found in _WORD.findall(text.lower())
    }


def hardness(text: str) -> float:
    """Standard deviations of the questions that the table was fitted on, from no evidence at all;
    everyday requests are near 0.5, and the longer a text the more it can say."""
    stems = stems_of(text)
    return sum(WEIGHTS[stem] for stem in stems if stem in WEIGHTS) / sqrt(len(stems) + DAMPING)


WEIGHTS = _weights()
