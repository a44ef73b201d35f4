"""Fits the 13 weights to labelled requests and prints how well they hold on rows not fitted on."""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifier.agentic import floor
from classifier.decide import classify
from classifier.dimensions import DIMENSIONS
from classifier.features import extract, intent
from classifier.force import compile_patterns
from classifier.risk import assess
from classifier.score import score
from classifier.tiers import DEFAULT_BOUNDARIES, Tier
from tests.benchmarks.tier_rows import Row, all_rows, ask_of, read

FORCES = compile_patterns([])
FOLDS = 5
MARGIN = 2.0  # points inside a tier that a row should keep
# The rows are single prompts, so nothing in them speaks for the structure around a prompt.
FIXED = {
    "tool_count": 0.02,
    "tool_complexity": 0.01,
    "tool_chain_potential": 0.04,
    "conversation_depth": 0.02,
    "prior_tool_usage": 0.04,
    # Its table was fitted on the rows that APGR is measured on: here it would look too good.
    "domain_specificity": 0.12,
}
LEAST, MOST = 0.04, 0.30  # no dimension is for show, and none decides alone
GROUP_WEIGHTS = {
    "litellm": 3.0,
    "lynkr-scenarios": 3.0,
    "lynkr-anchors": 2.0,
    "vllm-sr": 2.0,
    "clinc-trivia": 2.0,
    "clinc-rest": 1.0,
    "arena-hard-v0.1": 0.5,
    "humaneval": 0.3,
    "self-instruct-user": 0.3,
    "cyberseceval-frr": 0.5,
}
APGR_WEIGHT = 60.0
EDGES = (0.0, *DEFAULT_BOUNDARIES, 101.0)


@dataclass(frozen=True)
class Problem:
    """What a fit needs of rows: dimension values, the band each must fall in, and how it counts."""

    values: Any
    low: Any
    high: Any
    share: Any


def values_of(prompt: str) -> list[float]:
    features = extract(ask_of(prompt))
    return [row.measure(features)[0] for row in DIMENSIONS]


def problem_of(rows: Sequence[Row]) -> Problem:
    """Rows that a force-pattern decides teach nothing; floors leave only the top open."""
    sizes = Counter(row.group for row in rows)
    kept: list[tuple[list[float], float, float, float]] = []
    for row in rows:
        if FORCES.match(intent(row.ask)):
            continue
        features = extract(row.ask)
        agency, risk = floor(features), assess(features)
        lifted = max(agency[0] if agency else Tier.SIMPLE, risk.floor if risk else Tier.SIMPLE)
        low = 0.0 if lifted >= row.low else EDGES[row.low] + MARGIN
        high = EDGES[row.high + 1] - MARGIN
        values = [dimension.measure(features)[0] for dimension in DIMENSIONS]
        kept.append((values, low, high, GROUP_WEIGHTS[row.group] / sizes[row.group]))
    columns = zip(*kept, strict=True)
    return Problem(*(np.array(column) for column in columns))


def loss(weights: Any, problem: Problem, gains: Sequence["Gain"]) -> float:
    """Points outside the band, by group, less what the order of scores gains."""
    totals = problem.values @ weights
    off = np.maximum(problem.low - totals, 0) + np.maximum(totals - problem.high, 0)
    ranked = sum(gain.apgr(gain.values @ weights) for gain in gains)
    return float((np.minimum(off, 25) * problem.share).sum() - APGR_WEIGHT * ranked)


class Gain:
    """Prompts that two models answered: does a higher score buy more right answers?"""

    def __init__(self, rows: Sequence[dict[str, Any]], shuffle: int = 0) -> None:
        self.rows = list(rows)
        random.Random(shuffle).shuffle(self.rows)  # ties must not fall in file order
        self.values = np.array([values_of(row["prompt"]) for row in self.rows])
        weak = np.array([row["weak_correct"] for row in self.rows], float)
        strong = np.array([row["strong_correct"] for row in self.rows], float)
        self.gap = strong - weak

    def part(self, fold: int, held_out: bool) -> "Gain":
        """The rows of one fold, or all the others."""
        part = object.__new__(Gain)
        index = [at for at in range(len(self.rows)) if (at % FOLDS == fold) == held_out]
        part.rows = [self.rows[at] for at in index]
        part.values, part.gap = self.values[index], self.gap[index]
        return part

    def apgr(self, totals: Any) -> float:
        """Area under the share of the gap recovered, from no strong calls to all of them."""
        order = np.argsort(-np.asarray(totals), kind="stable")
        recovered = np.concatenate([[0.0], np.cumsum(self.gap[order]) / self.gap.sum()])
        return float((recovered[1:] + recovered[:-1]).mean() / 2)

    def by_length(self) -> float:
        return self.apgr(np.array([float(len(row["prompt"])) for row in self.rows]))


def fit(problem: Problem, gains: Sequence[Gain], rounds: int = 1500, seed: int = 0) -> Any:
    """Weights by hill climbing: weight moves from one dimension to another while it pays."""
    chance = random.Random(seed)
    names = [row.name for row in DIMENSIONS]
    weights = np.array([FIXED.get(row.name, row.weight) for row in DIMENSIONS])
    free = [at for at, name in enumerate(names) if name not in FIXED]
    weights[free] *= (1 - sum(FIXED.values())) / weights[free].sum()
    best = loss(weights, problem, gains)
    for turn in range(rounds):
        step = 0.06 * (1 - turn / rounds) * chance.random()
        giver, taker = chance.sample(free, 2)
        moved = weights.copy()
        moved[giver] -= step
        moved[taker] += step
        if moved[giver] < LEAST or moved[taker] > MOST:
            continue
        now = loss(moved, problem, gains)
        if now < best:
            weights, best = moved, now
    return weights


def in_hundredths(weights: Any) -> dict[str, float]:
    """Weights rounded to 0.01 that sum to 1: the largest remainders are rounded up."""
    cents = np.floor(weights * 100 + 1e-9)
    short = round(100 - cents.sum())
    for at in np.argsort(-(weights * 100 - cents))[:short]:
        cents[at] += 1
    return {row.name: int(cent) / 100 for row, cent in zip(DIMENSIONS, cents, strict=True)}


def report(rows: Sequence[Row], weights: dict[str, float] | None = None) -> None:
    """Per group: share acceptable, routed too low and too high, and the spread over tiers."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        tier = classify(row.ask, forces=FORCES, weights=weights).tier
        kind = "under" if tier < row.low else "over" if tier > row.high else "fits"
        counts[row.group].update([kind, tier.name])
    for group, count in counts.items():
        total = count["fits"] + count["under"] + count["over"]
        spread = " ".join(f"{tier.name} {count[tier.name]}" for tier in Tier)
        print(
            f"  {group:20}{count['fits'] / total:7.1%} of {total:5}  "
            f"under {count['under']:3}  over {count['over']:3}  {spread}"
        )


def cross_validate(rows: Sequence[Row], gains: dict[str, Gain]) -> None:
    """Fits on four folds of five: every row is judged by weights that never saw it."""
    shuffled = list(rows)
    random.Random(1).shuffle(shuffled)
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    areas: dict[str, list[float]] = defaultdict(list)
    for fold in range(FOLDS):
        seen = [row for at, row in enumerate(shuffled) if at % FOLDS != fold]
        parts = [gain.part(fold, held_out=False) for gain in gains.values()]
        weights = fit(problem_of(seen), parts, rounds=600, seed=fold)
        named = dict(zip((row.name for row in DIMENSIONS), weights.tolist(), strict=True))
        for row in shuffled[fold::FOLDS]:
            tier = classify(row.ask, forces=FORCES, weights=named).tier
            counts[row.group][row.low <= tier <= row.high] += 1
        for name, gain in gains.items():
            part = gain.part(fold, held_out=True)
            areas[name].append(part.apgr(part.values @ weights) - part.by_length())
    for group, count in counts.items():
        print(f"  {group:20}{count[True] / count.total():7.1%} of {count.total():5}")
    for name, found in areas.items():
        print(f"  {name:20}APGR above prompt length, mean of folds: {np.mean(found):+.3f}")


def main() -> None:
    rows = all_rows()
    gains = {name: Gain(read(f"routing_{name}")) for name in ("gsm8k", "mmlu_sample")}
    print("Shipped weights")
    report(rows)
    for name, gain in gains.items():
        shipped = np.array([score(ask_of(row["prompt"])).total for row in gain.rows])
        print(f"  {name:20}APGR {gain.apgr(shipped):.3f}, by length {gain.by_length():.3f}")
    if "--fit" in sys.argv:
        print("Fitted weights, cross-validated in 5 folds")
        cross_validate(rows, gains)
        weights = in_hundredths(fit(problem_of(rows), list(gains.values())))
        print("Fitted on all rows", weights)
        report(rows, weights)


if __name__ == "__main__":
    main()
