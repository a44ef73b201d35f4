"""Runs of equal or like lines, as logs have them: what they share once, what varies below."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from proxy.rewrite.results.ends import ends
from proxy.rewrite.results.technique import Technique

HEADER: Final = 'Folded: "N× line" stands for N lines; {} is filled, line by line, from below it:'
GAP: Final = "{}"
LARGEST: Final = 300_000  # characters
_FEWEST: Final = 3  # lines in a run
_SHARED: Final = 0.2  # of a run's average line that its lines must have in common
MOST: Final = 2_000_000  # lines that one count may stand for
_PAYS: Final = 0.8  # of a run's characters that it may take folded
_LONGEST: Final = 2_000  # characters of a line that may be folded
# A listing of files: a name in two pieces is a name that a model may put together wrong.
_FILES: Final = re.compile(r"(?m)^[-bcdlps][-rwxsStT]{9}[.+@]?\s")
_COUNT: Final = re.compile(r"(\d+)× (.*)", re.DOTALL)


def looks_repetitive(text: str) -> bool:
    """Whether many of its lines begin as the line before them does."""
    if len(text) > LARGEST or _FILES.search(text[:2_000]):
        return False
    lines = text[:20_000].split("\n")
    heads = [line.lstrip()[:4] for line in lines]
    alike = sum(one == other and one != "" for one, other in zip(heads, heads[1:], strict=False))
    return alike >= max(_FEWEST - 1, len(lines) // 5)


def folding(text: str) -> str | None:
    """`text` with its runs folded; None where there is none, or it does not unfold to the same."""
    lines = text.split("\n")
    made = [HEADER]
    for run in _runs(lines):
        made += _folded(run) if len(run) >= _FEWEST else run
    said = "\n".join(made)
    try:
        return said if len(said) < len(text) and restore(said) == text else None
    except TypeError:  # a line that came looks folded, but has no values below it
        return None


def restore(text: str) -> str:
    """The lines unfolded. ValueError or TypeError for any other text."""
    header, *lines = text.split("\n")
    if header != HEADER:
        raise ValueError("not folded")
    return "\n".join(_unfolded(iter(lines)))


def _runs(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines in order, like ones that follow each other together."""
    run: list[str] = []
    shared: list[str | None] = []
    for line in lines:
        words = line.split(" ")
        if run and len(words) == len(shared) and 0 < len(line) <= _LONGEST:
            now = [one if one == other else None for one, other in zip(shared, words, strict=True)]
            if line == run[-1] or sum([len(w) for w in now if w]) >= _SHARED * len(line):
                run.append(line)
                shared = now
                continue
        if run:
            yield run
        run, shared = [line], list(words)
    yield run


def _folded(run: list[str]) -> list[str]:
    columns = list(zip(*[line.split(" ") for line in run], strict=True))
    parts = [_parts(column) for column in columns]
    template = " ".join([part for part, _ in parts])
    varying = [values for _, values in parts if values]
    rows = [" ".join(row) for row in zip(*varying, strict=True)]
    made = [f"{len(run)}× {template}", *rows]
    return made if sum(map(len, made)) < _PAYS * sum(map(len, run)) else run


def _parts(column: Sequence[str]) -> tuple[str, list[str]]:
    """What the words of a column share, with a gap for the rest of each; no gap if all is shared.

    Where a word's rest would be empty, or hold a gap, the whole words stay.
    """
    if len(set(column)) == 1:
        return column[0], []
    before, after = ends(column)
    rests = [word[len(before) : len(word) - len(after)] for word in column]
    return (f"{before}{GAP}{after}", rests) if all(rests) else (GAP, list(column))


def _unfolded(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        found = _COUNT.fullmatch(line)
        if found is None:
            yield line
            continue
        count, template = int(found.group(1)), found.group(2)
        if GAP not in template:
            yield from [template] * min(count, MOST)
            continue
        pattern = template.replace("%", "%%").replace(GAP, "%s")
        for values in islice(lines, count):
            yield pattern % tuple(values.split(" "))


FOLDING: Final = Technique("folding", looks_repetitive, folding, restore)
