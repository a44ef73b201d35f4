"""`eval routing`: labelled prompts against the tiers that this build would choose."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.evals.figures import apgr, concordance, cpt
from app.evals.judged import Judged, judged
from app.evals.labels import bounds_of
from app.process.failure import Failure
from classifier.tiers import Tier
from proxy.past.rescore import recent, tier_under
from proxy.routing.table import Table

Figures = dict[str, Any]
LABELS = ("intent", "category", "src")


def measure(rows: Iterable[dict[str, Any]], table: Table) -> Figures:
    """All figures that the rows' labels allow. Raises Failure where there is nothing to judge."""
    found = [judged(row, table) for row in rows]
    known = [one for one in found if one is not None]
    if not known:
        raise Failure("no row with a `prompt` in it; see `lynkr-tui eval routing --help`")
    figures: Figures = {"rows": len(found), "unreadable": len(found) - len(known)}
    figures["tiers"] = _spread(known)
    for measured in (_by_tier, _by_gain, _by_failures, _by_label):
        figures |= measured(known)
    return figures


def wrong(rows: Iterable[dict[str, Any]], table: Table) -> list[Figures]:
    """The rows that went to a tier that would not do, or to one higher than needed."""
    missed = []
    for row in rows:
        one, bounds = judged(row, table), bounds_of(row)
        if one and bounds and not bounds[0] <= one.verdict.tier <= bounds[1]:
            missed.append(
                {
                    "id": str(row.get("id", "")),
                    "tier": one.verdict.tier.name,
                    "would_do": [tier.name for tier in Tier if bounds[0] <= tier <= bounds[1]],
                    "score": one.verdict.score.total,
                    "reason": one.verdict.reason,
                    "prompt": one.prompt,
                }
            )
    return missed


def _spread(rows: Iterable[Judged]) -> dict[str, int]:
    counts = Counter(one.verdict.tier for one in rows)
    return {tier.name: counts[tier] for tier in Tier}


def _by_tier(rows: list[Judged]) -> Figures:
    """Against the tiers that would do: `expected` alone (exact), or any that is acceptable."""
    pairs = [(one, bounds) for one in rows if (bounds := bounds_of(one.row))]
    if not pairs:
        return {}
    named = [one for one, _ in pairs if one.row.get("expected") in Tier.__members__]
    tiers = [(one.verdict.tier, low, high) for one, (low, high) in pairs]
    judged_rows = len(pairs)
    return {
        "judged": judged_rows,
        "no_tier_in_label": len(rows) - judged_rows,
        "exact": _share(one.verdict.tier.name == one.row["expected"] for one in named),
        "acceptable": _share(low <= tier <= high for tier, low, high in tiers),
        "under_route": _share(tier < low for tier, low, _ in tiers),
        "over_route": _share(tier > high for tier, _, high in tiers),
        "reasoning_to_simple_or_medium": sum(
            low == Tier.REASONING and tier <= Tier.MEDIUM for tier, low, _ in tiers
        ),
    }


class Ranker(Struct, frozen=True):
    """A way to put prompts in order, hardest first."""

    name: str
    score: Callable[[Judged], float]


RANKERS = (
    Ranker("score", lambda one: one.verdict.score.total),
    Ranker("prompt_length", lambda one: float(len(one.prompt))),
    Ranker("random", lambda one: 0.0),  # all tied: the straight line of chance
)


def _by_gain(rows: list[Judged]) -> Figures:
    """Two models' right answers: what a call to the strong one buys."""
    rows = [one for one in rows if {"weak_correct", "strong_correct"} <= one.row.keys()]
    if not rows:
        return {}
    gains = [float(one.row["strong_correct"]) - float(one.row["weak_correct"]) for one in rows]
    return {"gain": {ranker.name: _gain(ranker, rows, gains) for ranker in RANKERS}}


def _gain(ranker: Ranker, rows: Sequence[Judged], gains: Sequence[float]) -> Figures:
    scores = [ranker.score(one) for one in rows]
    return {
        "apgr": apgr(scores, gains),
        "cpt50": cpt(scores, gains, 0.5),
        "cpt80": cpt(scores, gains, 0.8),
    }


def _by_failures(rows: list[Judged]) -> Figures:
    """Several models' marks: does a higher score go with more of them failing?"""
    rows = [one for one in rows if isinstance(one.row.get("scores"), dict)]
    if not rows:
        return {}
    fails = [sum(mark < 0.5 for mark in one.row["scores"].values()) for one in rows]
    return {
        "auc": {
            ranker.name: concordance([ranker.score(one) for one in rows], fails)
            for ranker in RANKERS
        }
    }


def _by_label(rows: list[Judged]) -> Figures:
    """How the rows of each label spread over the tiers."""
    label = next((name for name in LABELS if name in rows[0].row), None)
    if label is None:
        return {}
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in rows:
        groups[str(one.row.get(label))].append(one)
    return {label: {name: _spread(group) for name, group in sorted(groups.items())}}


def _share(holds: Iterable[bool]) -> float | None:
    told = list(holds)
    return sum(told) / len(told) if told else None


def past_traffic(ledger: Path, table: Table) -> Figures:
    """How the newest exchanges of a ledger spread, and would have spread under `table`.

    Raises Failure where it holds none that can be scored again.
    """
    past = list(recent(ledger))
    if not past:
        raise Failure(f"{ledger} holds no exchanges with features yet; route some traffic first")
    moved = Counter((one.tier, tier_under(one, table)) for one in past)
    before, after = Counter[Tier](), Counter[Tier]()
    for (was, now), count in moved.items():
        before[was] += count
        after[now] += count
    return {
        "rows": len(past),
        "before": {tier.name: before[tier] for tier in Tier},
        "after": {tier.name: after[tier] for tier in Tier},
        "moved": {
            f"{was.name} to {now.name}": count
            for (was, now), count in sorted(moved.items())
            if was != now
        },
    }
