"""Past traffic scored again: what it would have come to under other weights or boundaries.

The ledger keeps features, which are counts, and no text. So a force-pattern can't be run again: a
request that one decided stays where it was, as does one that a person, a pin or a class decided.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from classifier.decide import weighed
from classifier.features import Features
from classifier.tiers import Tier
from proxy.routing import Table

MEASURED = ("score", "agentic")  # reasons that come of the features; `risk:NAME` is one too
_EMPTY = asdict(Features())
_NAMES = frozenset(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Past:
    """An exchange of the ledger that can be looked at again."""

    tier: Tier
    reason: str
    features: Features


def packed(features: Features) -> str:
    """The counts as JSON, those left out that are none."""
    told = {name: value for name, value in asdict(features).items() if value != _EMPTY[name]}
    return orjson.dumps(told).decode()


def unpacked(text: str) -> Features:
    """The same back; names that this build does not know are passed over."""
    told: dict[str, Any] = orjson.loads(text)
    known = {name: value for name, value in told.items() if name in _NAMES}
    return Features(**(known | {"tasks": tuple(known.get("tasks", ()))}))


def tier_under(past: Past, table: Table) -> Tier:
    """The tier that `table` would have given it."""
    if past.reason not in MEASURED and not past.reason.startswith("risk:"):
        return past.tier
    return weighed(past.features, table.boundaries, table.weights).tier


def recent(ledger: Path, most: int = 10_000) -> Iterator[Past]:
    """The newest exchanges that have features; none where there is no ledger. Blocks."""
    if not ledger.exists():
        return
    query = (
        "SELECT tier, reason, features FROM exchanges"
        " WHERE features IS NOT NULL AND reason <> 'replay' ORDER BY at DESC LIMIT ?"
    )
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        if not any(row[1] == "features" for row in db.execute("PRAGMA table_info(exchanges)")):
            return
        for tier, reason, features in db.execute(query, (most,)):
            if tier in Tier.__members__:
                yield Past(Tier[tier], reason, unpacked(features))
