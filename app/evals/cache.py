"""`eval cache`: pairs of questions, and which of them the semantic cache would answer alike."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from app.process.failure import Failure
from proxy.cache.embed import Embedder
from proxy.cache.semantic.cache import LEAST
from proxy.tasks import Tasks

if TYPE_CHECKING:
    from proxy.cache.guard import Sense

Figures = dict[str, Any]
SWEEP: Final = (0.60, 0.70, 0.80, 0.85, 0.90, 0.95, 0.98)
_AT_ONCE: Final = 32  # texts
_WARM: Final = 60.0  # seconds to wait for the embedder
_PATIENT: Final = 60.0  # seconds to wait for one batch of vectors


class Pair(Struct, frozen=True):
    """Two texts; `same` where the answer to one answers the other."""

    a: str
    b: str
    same: bool


class Judged(Struct, frozen=True):
    """A pair's cosine, and whether the guard lets it through."""

    same: bool
    cosine: float
    passed: bool


def measure(rows: Iterable[dict[str, Any]]) -> Figures:
    """Hits and wrong hits at the shipped setting, and over a sweep of the cosine that a candidate
    must have. Raises Failure where there is no pair, or no embedder."""
    pairs = [pair for row in rows if (pair := _pair(row))]
    if not pairs:
        raise Failure("no row with `a`, `b` and `label`, or `origin` and `similar`, in it")
    senses = asyncio.run(_senses({text for pair in pairs for text in (pair.a, pair.b)}))
    return figures([_judged(pair, senses) for pair in pairs])


def figures(judged: Sequence[Judged]) -> Figures:
    """The table of figures over pairs that were judged."""
    same = sum(one.same for one in judged)
    sweep = {
        f"{cosine:.2f}": {
            "guarded": _counted(judged, [one.passed and one.cosine >= cosine for one in judged]),
            "cosine_alone": _counted(judged, [one.cosine >= cosine for one in judged]),
        }
        for cosine in SWEEP
    }
    shipped = _counted(judged, [one.passed and one.cosine >= LEAST for one in judged])
    return {
        "pairs": {"same": same, "different": len(judged) - same},
        "shipped": {"least_cosine": LEAST} | shipped,
        "sweep": sweep,
    }


def _counted(judged: Sequence[Judged], hit: Sequence[bool]) -> Figures:
    hits = sum(hit)
    wrong = sum(a and not one.same for a, one in zip(hit, judged, strict=True))
    same = sum(one.same for one in judged)
    return {
        "hits": hits,
        "wrong_hits": wrong,
        "wrong_share": wrong / hits if hits else None,
        "recall": (hits - wrong) / same if same else None,
        "different_hit": wrong / (len(judged) - same) if same < len(judged) else None,
    }


def _pair(row: dict[str, Any]) -> Pair | None:
    if "origin" in row and "similar" in row:
        return Pair(str(row["origin"]), str(row["similar"]), True)
    if {"a", "b", "label"} <= row.keys():
        return Pair(str(row["a"]), str(row["b"]), bool(row["label"]))
    return None


def _judged(pair: Pair, senses: "dict[str, Sense]") -> Judged:
    from proxy.cache.guard import compare

    asked, kept = senses[pair.a], senses[pair.b]
    passed = asked.whole and kept.whole and compare(asked, kept).same
    return Judged(pair.same, float(asked.vector @ kept.vector), passed)


async def _senses(texts: set[str]) -> "dict[str, Sense]":
    """The sense of each text, from the embedder that a live request asks."""
    embedder, tasks = Embedder(), Tasks()
    tasks.spawn(embedder.run(), "embedder")
    try:
        found = await _asked(embedder, sorted(texts, key=len))
    finally:
        await tasks.end()
    return {sense.text: sense for sense in found}


async def _asked(embedder: Embedder, texts: list[str]) -> "list[Sense]":
    found: list[Sense] = []
    try:
        async with asyncio.timeout(_WARM):
            while embedder.state != "ready":
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise Failure("the embedder does not start; `lynkr-tui doctor` says more") from None
    for at in range(0, len(texts), _AT_ONCE):
        batch = texts[at : at + _AT_ONCE]
        senses = await embedder.senses(batch, _PATIENT)
        if len(senses) != len(batch):
            raise Failure("the embedder gave no vectors; `lynkr-tui doctor` says more")
        found += senses
    return found
