"""Cuts the [[force]] blocks out of a TOML text with the comments above them, and puts them back."""

import re
from collections.abc import Sequence

from proxy.config.lines import lines

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BARE_NEWLINE = re.compile(r"(?<!\r)\n")
Span = tuple[int, int]  # lines, from 0, the end not in it


def blocks_of(text: str) -> list[str]:
    """Each [[force]] block's text in order, from the comment right above it to its last line."""
    rows = _LINE.findall(text)
    return ["".join(rows[start:end]) for start, end in _spans(text, rows)]


def rearranged(text: str, blocks: Sequence[str]) -> str:
    """`text` with `blocks` in the places of the [[force]] blocks that it has (one at least)."""
    rows = _LINE.findall(text)
    spans = _spans(text, rows)
    slots = [*blocks[: len(spans) - 1], "\n".join(ended(one) for one in blocks[len(spans) - 1 :])]
    slots += [""] * (len(spans) - len(slots))
    pieces: list[str] = []
    at = 0
    for (start, end), block in zip(spans, slots, strict=True):
        pieces += [*rows[at:start], ended(block)]
        at = end
        while not block and at < len(rows) and not rows[at].strip():
            at += 1  # the blank line after a block goes with it
    return _one_newline("".join([*pieces, *rows[at:]]), text)


def appended(text: str, blocks: Sequence[str]) -> str:
    """`text` with `blocks` at its end."""
    return _one_newline("\n".join([ended(text), *blocks]) if blocks else text, text)


def _spans(text: str, rows: Sequence[str]) -> list[Span]:
    found = lines(text)
    spans: list[Span] = []
    while ("force", len(spans)) in found:
        own = ("force", len(spans))
        head = found[own] - 1
        later = [n - 1 for path, n in found.items() if n - 1 > head and path[:2] != own]
        end = _lead(rows, min(later)) if later else len(rows)
        spans.append((_lead(rows, head), _tail(rows, head, end)))
    return spans


def _lead(rows: Sequence[str], head: int) -> int:
    while head and _is_comment(rows[head - 1]):
        head -= 1
    return head


def _tail(rows: Sequence[str], head: int, end: int) -> int:
    """Past the block's last setting, and the comments right below it."""
    said = [n for n in range(head, end) if rows[n].strip() and not _is_comment(rows[n])]
    tail = said[-1] + 1
    while tail < end and _is_comment(rows[tail]):
        tail += 1
    return tail


def _is_comment(row: str) -> bool:
    return row.lstrip().startswith("#")


def ended(text: str) -> str:
    """`text` with a newline at its end, unless it is empty."""
    return text if not text or text.endswith("\n") else text + "\n"


def _one_newline(text: str, like: str) -> str:
    """`text` with CRLF throughout where `like` has nothing else."""
    if _BARE_NEWLINE.search(like) or "\r" not in like:
        return text
    return _BARE_NEWLINE.sub("\r\n", text)
