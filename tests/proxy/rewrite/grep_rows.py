"""Sixty matches of a search as JSON: the case whose figures are published."""

from random import Random
from typing import Any

WORDS = (
    "handle parse config token session client server proxy stream cache route update error value"
    " index buffer render event"
).split()


def grep_rows(seed: int, rows: int = 60) -> list[dict[str, Any]]:
    """Matches in 15 files, of 8 phrases, with 4 snippets around them: 12 KB of compact JSON."""
    pick = Random(seed)
    files = [f"src/components/{pick.choice(WORDS)}/{pick.choice(WORDS)}_{n}.ts" for n in range(15)]
    phrases = [f"{pick.choice(WORDS)}{pick.choice(WORDS).title()}({n})" for n in range(8)]
    snippets = [
        " ".join(pick.choice(WORDS) for _ in range(pick.randint(12, 16))) + f" {{ return {n}; }}"
        for n in range(4)
    ]
    return [
        {
            "file": pick.choice(files),
            "line": pick.randint(1, 900),
            "match": pick.choice(phrases),
            "context": pick.choice(snippets),
        }
        for _ in range(rows)
    ]
