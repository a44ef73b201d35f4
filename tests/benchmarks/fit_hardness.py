"""Fits the table of hard words, and prints what it is worth on rows that it has not seen.

`python -m tests.benchmarks.fit_hardness` cross-validates; with `--write` it writes
classifier/hardness_table.py, fitted on all rows.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

import classifier.hardness as module
from app.evals.figures import apgr, concordance, cpt
from classifier.hardness import DAMPING, stems_of
from classifier.score import score
from tests.benchmarks.tier_rows import ask_of, read

FILES = ("routing_gsm8k", "routing_mmlu_sample", "routing_llmrouter9")
SEEN = 5  # rows that a stem must stand in
ALPHA = 20.0  # of the ridge; 10 to 40 differ by less than the folds do
KEPT = 2_000  # stems in the table
TABLE = Path(module.__file__).with_name("hardness_table.py")


class Rows:
    """Prompts of all files, how much was lost on each, and the file each came from."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        lost, files = [], []
        for number, name in enumerate(FILES):
            for row in read(name):
                self.prompts.append(row["prompt"])
                files.append(number)
                lost.append(_lost(row))
        self.lost, self.files = np.array(lost), np.array(files)
        self.stems = [stems_of(prompt) for prompt in self.prompts]


def _lost(row: dict[str, Any]) -> float:
    """What a strong model wins, or the share of several models that fail."""
    if "scores" in row:
        return float(np.mean([mark < 0.5 for mark in row["scores"].values()]))
    return float(row["strong_correct"]) - float(row["weak_correct"])


def fit(rows: Rows, index: Any) -> dict[str, float]:
    """Weights by stem, in standard deviations; each file counts the same, about its own mean."""
    counts = Counter(stem for at in index for stem in rows.stems[at])
    known = {stem: n for n, stem in enumerate(s for s, c in sorted(counts.items()) if c >= SEEN)}
    places = [
        (row, known[stem], 1 / sqrt(len(rows.stems[at]) + DAMPING))
        for row, at in enumerate(index)
        for stem in sorted(rows.stems[at])
        if stem in known
    ]
    row, column, value = zip(*places, strict=True)
    words = csr_matrix((value, (row, column)), shape=(len(index), len(known)))
    files = rows.files[index]
    share = len(index) / len(FILES) / np.bincount(files)[files]
    means = csr_matrix(np.eye(len(FILES))[files] * 5)
    ridge = Ridge(alpha=ALPHA).fit(hstack([words, means]), rows.lost[index], sample_weight=share)
    spread = float(np.std(words @ ridge.coef_[: len(known)]))
    weights = {stem: float(ridge.coef_[at]) / spread for stem, at in known.items()}
    weighty = sorted(weights, key=lambda stem: -abs(weights[stem]) * sqrt(counts[stem]))[:KEPT]
    return {stem: round(weights[stem], 3) for stem in sorted(weighty)}


def totals(prompts: Sequence[str], weights: dict[str, float]) -> list[float]:
    """The scores that a build with this table gives."""
    shipped, module.WEIGHTS = module.WEIGHTS, weights
    try:
        return [score(ask_of(prompt)).total for prompt in prompts]
    finally:
        module.WEIGHTS = shipped


def cross_validate(rows: Rows, seeds: Sequence[int] = (0, 1)) -> None:
    """Five folds: each row is scored by a table that never saw it."""
    found: dict[str, list[float]] = {}
    for seed in seeds:
        folds = KFold(5, shuffle=True, random_state=seed)
        for seen, unseen in folds.split(rows.prompts):
            weights = fit(rows, seen)
            for number, name in enumerate(FILES):
                part = [int(at) for at in unseen if rows.files[at] == number]
                prompts, lost = [rows.prompts[at] for at in part], [rows.lost[at] for at in part]
                rankings = {"score": totals(prompts, weights), "length": [*map(len, prompts)]}
                for ranking, scores in rankings.items():
                    for figure, value in _figures(number, scores, lost):
                        found.setdefault(f"{name:22}{ranking:8}{figure}", []).append(value)
    for name, values in sorted(found.items()):
        print(f"  {name:36}{np.mean(values):.3f}  ± {np.std(values):.3f}")


def _figures(number: int, scores: Any, lost: Any) -> list[tuple[str, float]]:
    if FILES[number] == "routing_llmrouter9":
        return [("AUC", concordance(scores, lost) or 0)]
    return [
        ("APGR", apgr(scores, lost) or 0),
        ("CPT50", cpt(scores, lost, 0.5) or 1),
        ("CPT80", cpt(scores, lost, 0.8) or 1),
    ]


def write(weights: dict[str, float]) -> None:
    entries = " ".join(f"{stem}:{round(weight * 1000)}" for stem, weight in weights.items())
    lines = "\n".join(wrap(entries, 99))
    head = '"""Stems and what they add to a question\'s hardness, in thousandths; a fit made it."""'
    TABLE.write_text(f'{head}\n\nTABLE = """\n{lines}\n"""\n')


def main() -> None:
    rows = Rows()
    if "--write" in sys.argv:
        write(fit(rows, np.arange(len(rows.prompts))))
    else:
        cross_validate(rows)


if __name__ == "__main__":
    main()
