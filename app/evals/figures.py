"""What a ranking of prompts is worth: APGR and CPT as RouteLLM defines them, and concordance."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

Point = tuple[float, float]  # share of strong calls, share of the gap recovered


def curve(scores: Sequence[float], gains: Sequence[float]) -> list[Point]:
    """The share of the gap recovered by the share of calls that go to the strong model, highest
    score first; prompts of one score share a straight piece, so their order is no matter.

    `gains` are the strong model's merit less the weak one's, prompt by prompt. Empty where the
    strong model is no better on the whole.
    """
    total = sum(gains)
    if total <= 0:
        return []
    ranked = sorted(zip(scores, gains, strict=True), key=lambda pair: -pair[0])
    points, seen, won = [(0.0, 0.0)], 0, 0.0
    for _, tied in groupby(ranked, key=lambda pair: pair[0]):
        for _, gain in tied:
            seen, won = seen + 1, won + gain
        points.append((seen / len(ranked), won / total))
    return points


def apgr(scores: Sequence[float], gains: Sequence[float]) -> float | None:
    """The average share of the gap recovered over all shares of strong calls (the area under
    `curve`): 0.5 by chance. RouteLLM, arXiv 2406.18665."""
    points = curve(scores, gains)
    if not points:
        return None
    steps = zip(points, points[1:], strict=False)
    return sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in steps)


def cpt(scores: Sequence[float], gains: Sequence[float], share: float) -> float | None:
    """The least share of strong calls that recovers `share` of the gap: CPT50 for 0.5."""
    points = curve(scores, gains)
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if y1 >= share:
            return x0 + (x1 - x0) * (max(share - y0, 0) / (y1 - y0) if y1 > y0 else 1)
    return None


def concordance(scores: Sequence[float], labels: Sequence[float]) -> float | None:
    """Of all pairs with different labels, the share in which the higher label has the higher score
    (ties half): AUC where there are two labels, 0.5 by chance."""
    ordered: dict[float, list[float]] = defaultdict(list)
    for score, label in zip(scores, labels, strict=True):
        ordered[label].append(score)
    won = pairs = 0.0
    for low, high in _levels(ordered):
        pairs += len(low) * len(high)
        won += sum((bisect_left(low, one) + bisect_right(low, one)) / 2 for one in high)
    return won / pairs if pairs else None


def _levels(ordered: dict[float, list[float]]) -> Iterator[tuple[list[float], list[float]]]:
    """Scores of a lower and of a higher label, for each pair of labels; sorted."""
    levels = [sorted(ordered[label]) for label in sorted(ordered)]
    for at, low in enumerate(levels):
        for high in levels[at + 1 :]:
            yield low, high
