"""The benchmarks run: every row is there, and no figure is absurd."""

from pathlib import Path

import orjson

from tests.benchmarks import bodies
from tests.benchmarks.__main__ import facts, measure
from tests.benchmarks.rows import HEAD, as_json, beside, markdown
from tests.benchmarks.turns import Scale

TINY = Scale(
    rounds=1,
    short=5,
    coding=5,
    short_at_once=32,
    coding_at_once=32,
    chunks=20,
    exchanges=40,
    calls=3,
    idle=0.2,
    ledger=500,
)
WORK = (
    "short request, one at a time, p50",
    "50 KB coding-agent request, streamed, p50",
    "short requests, 16 at a time",
    "50 KB streamed, 16 at a time",
    "50 KB, streamed event by event, p50",
    "50 KB streamed event by event, 16 at a time",
    "200 KB coding-agent request, streamed, p50",
    "short requests, 64 at a time",
    "50 KB streamed, all of these off, p50",
    "short: reading and scoring",
    "50 KB: the rest of the answer, pricing",
    "short request with the dashboard, p50",
    "gap in a 100 chunk/s stream, p95",
    "gap in a 100 chunk/s stream, max",
    "exact cache hit, p50",
    "semantic cache hit, p50",
    "semantic index of 100,000, a search",
    "start to listening",
    "start to first paint",
    "idle dashboard, share of a processor",
    "the savings screen's look at 500 exchanges, 30 days",
    "the savings screen's look at 500 exchanges, all days",
    "memory after 40 more exchanges",
    "classifier alone, short",
    "classifier alone, 50 KB",
    "rewriting alone, 50 KB",
)


async def test_every_row_of_the_budgets_is_measured(tmp_path: Path):
    rows = {row.work: row for row in await measure(tmp_path, TINY)}
    assert set(WORK) <= rows.keys()
    for row in rows.values():
        assert row.work.startswith("growth") or 0 < row.ours < 100_000, row
        assert row.ratio is None or 0.001 < row.ratio < 1000, row
    table = markdown(rows.values())
    assert table.count("\n") == len(rows) + 1
    told = orjson.loads(as_json(rows.values(), facts()))
    assert [row["work"] for row in told["rows"]] == list(rows)


def test_a_ratio_is_the_median_of_the_runs_own_ratios():
    row = beside("w", "ms", [(1.0, 2.0), (10.0, 15.0), (1.0, 3.0)], "≤", 1.9)
    assert (row.ratio, row.met) == (2.0, False)
    assert row.cells() == ("w", "1 ms", "3 ms", "2.00", "≤ 1.9 × bare", "**no**")
    assert beside("w", "/s", [(100.0, 40.0)], "≥", 0.35).met
    assert len(row.cells()) == len(HEAD)


def test_the_coding_request_is_what_it_says():
    body = orjson.loads(bodies.coding())
    assert 48_000 < len(bodies.coding()) < 52_000
    assert len(body["tools"]) == len({tool["name"] for tool in body["tools"]}) == 20
    assert (len(body["messages"]), body["stream"]) == (31, True)


def test_no_two_numbered_bodies_are_the_same():
    numbered = bodies.numbered(bodies.short())
    first, second = next(numbered), next(numbered)
    assert first != second and len(first) == len(second) == len(bodies.short())
