"""Whether a ledger has each exchange once, ended as its client heard, with what was billed."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tests.soak.crowd import Told
from tests.soak.plans import LEAVE, bill

BILLED = ("input", "output", "cache_read")
_NONE = dict.fromkeys(BILLED, 0)


def wrong(path: Path, told: Iterable[Told]) -> list[str]:
    """What does not agree, a sentence each; empty where the books are exact."""
    told = list(told)
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        kept = {row["id"]: row for row in db.execute("SELECT * FROM exchanges")}
        sums = db.execute("SELECT sum(requests), sum(billed_input) FROM daily").fetchone()
        check = db.execute("PRAGMA integrity_check").fetchone()[0]
    faults = [fault for one in told if one.id for fault in _row(one, kept.get(one.id))]
    faults += [] if check == "ok" else [f"integrity: {check}"]
    if len(kept) != len(told):
        faults.append(f"{len(told):,} exchanges, {len(kept):,} rows: {_kinds(told, kept)}")
    added = sum(row["billed_input"] or 0 for row in kept.values())
    if tuple(sums) != (len(kept), added):
        faults.append(f"the days say {tuple(sums)}, the rows {(len(kept), added)}")
    return faults


def _row(one: Told, row: sqlite3.Row | None) -> list[str]:
    if row is None:
        return [f"{one.plan} has no row"]
    state = "done" if one.whole else "failed"
    faults = [] if row["state"] == state else [f"{one.plan} is {row['state']}, not {state}"]
    if one.whole:
        due = _NONE if one.cached else bill(one.plan.billed)
        found = {name: row[f"billed_{name}"] or 0 for name in BILLED}
        faults += [] if found == due else [f"{one.plan} was billed {due}, and stands as {found}"]
    if one.plan.kind in LEAVE and row["status"] != 499:
        faults.append(f"{one.plan} left and stands as {row['status']}")
    return faults


def _kinds(told: list[Told], kept: dict[str, sqlite3.Row]) -> str:
    without = Counter(one.plan.kind for one in told if not one.id)
    unknown = Counter(
        row["error"] for id, row in kept.items() if id not in {one.id for one in told}
    )
    return f"without an id {dict(without)}, rows of no known client {dict(unknown.most_common(5))}"
