"""Fits the three cosines of the guard, and prints what they are worth on rows not seen.

`python -m tests.benchmarks.fit_guard`: five folds of the paraphrased statements in
`cache_gptcache_mock.jsonl`, each with a word of either side changed or two words swapped. The
setting taken on four folds is measured on the fifth. The first run makes vectors of some 8,000
texts: ten minutes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from proxy.cache.guard import Sense, compare, near
from proxy.cache.guard.near import Sides
from proxy.cache.guard.words import Word
from tests.benchmarks import spoilt
from tests.benchmarks.senses import kept_senses
from tests.benchmarks.tier_rows import read

FOLDS = 5
HITS = 0.41  # share of paraphrases that must hit
BOUND = 0.005  # share of spoilt statements that may
# In a paraphrase a changed word can hide among words that were changed for good reason: as few of
# those as the hits allow.
GRID = tuple(
    product((0.5, 0.525, 0.55, 0.575, 0.6), (0.2, 0.3, 0.35, 0.4, 0.45), (0.8, 0.85, 0.875, 0.9))
)
Setting = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """A pair, and the least cosines that it needs: of its words, its light words, the whole."""

    number: int
    kind: str
    needs: Setting | None = None  # None: refused whatever the cosines

    def hits(self, setting: Setting) -> bool:
        return self.needs is not None and all(
            need >= least for need, least in zip(self.needs, setting, strict=True)
        )


def pairs() -> Iterator[tuple[int, str, str, str]]:
    """Number, kind and both texts of each pair."""
    rows, random = read("cache_gptcache_mock"), Random(5)
    words = spoilt.vocabulary([row[side] for row in rows for side in ("origin", "similar")])
    for number, row in enumerate(rows):
        origin, similar = row["origin"], row["similar"]
        yield number, "paraphrase", origin, similar
        made = {
            "changed": spoilt.changed(origin, words, random),
            "swapped": spoilt.swapped(origin, random),
            "paraphrase changed": spoilt.changed(similar, words, random),
            "paraphrase swapped": spoilt.swapped(similar, random),
        }
        yield from ((number, kind, origin, text) for kind, text in made.items() if text)


def judged(asked: Sense, kept: Sense) -> Setting | None:
    """The least cosines at which the guard lets the pair through, by running it."""
    needs = [1.0, 1.0, 1.0]

    def near_enough(
        senses: tuple[Sense, Sense],
        words: tuple[Sequence[Word], Sequence[Word]],
        left: Sides,
        light: tuple[Sequence[bool], ...],
    ) -> Sides:
        best = near.nearest(senses, words)
        for side in (0, 1):
            for n, little in zip(left[side], light[side], strict=True):
                needs[little] = min(needs[little], float(best[side][n]))
        needs[2] = float(senses[0].vector @ senses[1].vector)
        return [], []

    shipped, near.near_enough = near.near_enough, near_enough
    try:
        same = compare(asked, kept).same
    finally:
        near.near_enough = shipped
    return (needs[0], needs[1], needs[2]) if same else None


def shares(rows: Sequence[Row], setting: Setting) -> dict[str, float]:
    """Of each kind, the share that hits."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        kinds[row.kind].append(row.hits(setting))
    return {kind: sum(hits) / len(hits) for kind, hits in kinds.items()}


def fit(rows: Sequence[Row]) -> Setting:
    """Of the settings with hits enough, the one that lets the fewest spoilt paraphrases through."""
    return max(GRID, key=lambda setting: _worth(shares(rows, setting)))


def _worth(found: dict[str, float]) -> float:
    """Below -1 where hits are too few or a bound is broken, the further the worse."""
    broken = max(HITS - found["paraphrase"], 0) + sum(
        max(found[kind] - BOUND, 0) for kind in ("changed", "swapped")
    )
    return -1 - broken if broken else -found["paraphrase changed"]


def main() -> None:
    made = list(pairs())
    senses = kept_senses(text for _, _, *texts in made for text in texts)
    rows = [Row(number, kind, judged(senses[a], senses[b])) for number, kind, a, b in made]
    unseen: dict[str, list[float]] = defaultdict(list)
    for fold in range(FOLDS):
        setting = fit([row for row in rows if row.number % FOLDS != fold])
        for kind, share in shares([r for r in rows if r.number % FOLDS == fold], setting).items():
            unseen[kind].append(share)
    for kind, found in unseen.items():
        print(f"  {kind:20} {sum(found) / FOLDS:7.2%} hit in folds not fitted on")
    print(f"  fitted on all rows: {fit(rows)}")


if __name__ == "__main__":
    main()
