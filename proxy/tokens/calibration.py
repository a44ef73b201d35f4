"""How many tokens a model bills for one that is estimated here, learnt from its own bills."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from proxy.dialects.model import Usage
from proxy.ledger.history import reading

log = logging.getLogger(__name__)

KEPT = 50  # bills remembered of one model: its tokenizer changes with its name
FEWEST = 3  # bills before any is believed
LEAST = 256  # estimated tokens; in shorter prompts what the provider adds outweighs the rest
LOW, HIGH = 0.5, 2.0  # a median beyond these is no tokenizer's doing
MODELS = 200
ROWS = 2_000  # of the ledger, read at the start

_BILLS = (
    "SELECT provider || '/' || model, tokens_after,"
    " billed_input + coalesce(billed_cache_read, 0) + coalesce(billed_cache_write, 0)"
    " FROM exchanges WHERE state = 'done' AND tokens_after >= ? AND billed_input IS NOT NULL"
    " ORDER BY at DESC LIMIT ?"
)


class Calibration:
    """The ratio of billed to estimated input tokens by `provider/model`: the median of the last.

    It only ever corrects an estimate that is shown as one (a count, a check against a context
    window). The books keep the plain estimate, so that estimated and billed tokens stay apart.
    """

    def __init__(self) -> None:
        self._ratios: dict[str, deque[float]] = {}

    def note(self, target: str, estimated: int, billed: Usage) -> None:
        """Learn from a bill; an empty one, or one for a short prompt, teaches nothing."""
        total = _input(billed)
        if total and estimated >= LEAST:
            self._of(target).append(total / estimated)

    def factor(self, target: str) -> float:
        """What an estimate for `target` is to be multiplied by: 0.5 to 2, 1 where none is known."""
        ratios = self._ratios.get(target, ())
        if len(ratios) < FEWEST:
            return 1.0
        return min(max(sorted(ratios)[len(ratios) // 2], LOW), HIGH)

    def adjust(self, target: str, tokens: int) -> int:
        """`tokens`, estimated, as `target` would bill them."""
        return round(tokens * self.factor(target))

    async def load(self, ledger: Path) -> None:
        """Learn from the ledger's latest rows, read in a thread; what is known already is newer."""
        try:
            rows = await asyncio.to_thread(lambda: list(_bills(ledger)))
        except sqlite3.Error as error:
            log.warning("token counts are not calibrated from the ledger: %s", error)
            return
        for target, estimated, billed in rows:
            ratios = self._of(target)
            if billed and len(ratios) < KEPT:
                ratios.appendleft(billed / estimated)

    def _of(self, target: str) -> deque[float]:
        if target not in self._ratios and len(self._ratios) >= MODELS:
            del self._ratios[next(iter(self._ratios))]
        return self._ratios.setdefault(target, deque(maxlen=KEPT))


def _input(usage: Usage) -> int:
    """All input tokens of a bill; 0 where it told none."""
    if usage.input is None:
        return 0
    return usage.input + (usage.cache_read or 0) + (usage.cache_write or 0)


def _bills(ledger: Path) -> Iterator[tuple[str, int, int]]:
    """Model, estimated and billed input tokens, newest first."""
    with reading(ledger) as db:
        if db is not None:
            yield from db.execute(_BILLS, (LEAST, ROWS))
