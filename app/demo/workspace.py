"""What the demo's tools give back: a made-up workspace of files, searches, tests and metrics."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from proxy.providers.demo_scenes import OLD_ROUNDING

Arguments = Mapping[str, Any]

_TOTALS: Final = f'''\
"""Totals of an invoice: net, tax and gross, in the invoice's currency."""

from collections.abc import Sequence
from msgspec import Struct
from decimal import ROUND_HALF_EVEN, Decimal


class Line(Struct, frozen=True):
    """One position: what was sold, at which net price, taxed at which rate."""

    text: str
    net: Decimal
    rate: Decimal


def net_total(lines: Sequence[Line]) -> Decimal:
    return sum((line.net for line in lines), Decimal())


def tax_total(lines: Sequence[Line]) -> Decimal:
    """The tax on all lines, in cents."""
{OLD_ROUNDING}


def gross_total(lines: Sequence[Line]) -> Decimal:
    return net_total(lines) + tax_total(lines)
'''

_TEST_TOTALS: Final = """\
from decimal import Decimal

import pytest

from ledger.totals import Line, gross_total, tax_total

VAT = Decimal("0.19")


@pytest.mark.parametrize("count", [1, 3, 40])
def test_tax_is_rounded_once_for_the_whole_invoice(count):
    lines = [Line("stamp", Decimal("0.85"), VAT)] * count
    assert tax_total(lines) == (count * Decimal("0.1615")).quantize(Decimal("0.01"))


def test_an_empty_invoice_costs_nothing():
    assert gross_total([]) == 0
"""

_PRODUCT_LIST: Final = """\
import { useState } from 'react';
import { Pager } from '../ui/Pager';
import { ProductCard } from './ProductCard';
import { useProducts } from './useProducts';

export function ProductList() {
  const [page, setPage] = useState(1);
  const { data } = useProducts({ page });
  if (!data) return <p role="status">Loading …</p>;
  return (
    <section aria-label="Products">
      <ul className="grid">
        {data.items.map((item) => (
          <ProductCard key={item.id} product={item} />
        ))}
      </ul>
      <Pager page={page} pages={data.pages} onChange={setPage} />
    </section>
  );
}
"""

_TILES: Final = """\
use std::collections::HashMap;

use crate::geometry::{Bounds, TileKey};

/// Tiles that touch `bounds`, with how many features each holds.
pub fn touched(tiles: &Vec<TileKey>, counts: &HashMap<TileKey, u32>, bounds: &Bounds)
    -> Vec<(TileKey, u32)> {
    let mut found = Vec::new();
    for i in 0..tiles.len() {
        if bounds.touches(&tiles[i].clone()) {
            found.push((tiles[i], counts.get(&tiles[i]).copied().unwrap_or(0)));
        }
    }
    found
}
"""

_WORKER: Final = """\
package upload

// Run uploads jobs until ctx ends. Results arrive in no particular order.
func (w *Worker) Run(ctx context.Context, jobs <-chan Job) <-chan Result {
\tresults := make(chan Result)
\tfor i := 0; i < w.Parallel; i++ {
\t\tgo func() {
\t\t\tfor job := range jobs {
\t\t\t\tresult := w.upload(ctx, job)
\t\t\t\tresults <- result
\t\t\t}
\t\t}()
\t}
\treturn results
}
"""

_QUEUE: Final = """\
package retry

// Less orders jobs by due time, then priority (high first), then age (old first).
func (q Queue) Less(i, j int) bool {
\ta, b := q[i], q[j]
\tif !a.Due.Equal(b.Due) {
\t\treturn a.Due.Before(b.Due)
\t}
\tif a.Priority != b.Priority {
\t\treturn a.Priority > b.Priority
\t}
\treturn a.Created.Before(b.Created)
}

func (j *Job) delay() time.Duration {
\tbase := min(time.Second<<j.Attempts, 10*time.Minute)
\treturn base + time.Duration(rand.Int63n(int64(base/5)))
}
"""

_FRAUD: Final = """\
from ledger import client, settings

URL = settings.FRAUD_URL + "/score"


async def fraud_score(payment):
    \"\"\"0 (fine) to 100. Limits of the account are part of the question.\"\"\"
    return (await client.post(URL, [payment]))[0]
"""

_SCHEDULER: Final = """\
package upload

// Scheduler hands jobs to workers, oldest first.
type Scheduler struct {
\tmu   sync.Mutex
\tjobs []Job
}

func (s *Scheduler) Next() (Job, bool) {
\ts.mu.Lock()
\tdefer s.mu.Unlock()
\tif len(s.jobs) == 0 {
\t\treturn Job{}, false
\t}
\tjob := s.jobs[0]
\ts.jobs = s.jobs[1:]
\treturn job, true
}
"""

_ARCHITECTURE: Final = """\
# Architecture

One process in one region takes all writes. An entry is committed when it is on disk; its number is
then final and the client is told. Readers see every committed entry, in order, within 50 ms.

## Promises
1. A committed entry is never lost and never changes.
2. Numbers have no gaps. Two entries never have the same number.
3. The sum of all entries of a transfer is zero at every number.

## Limits
A restart takes 40 s, in which nothing can be written. A loss of the region is a loss of service
until the nightly copy has been restored elsewhere, and of every entry since that copy was made.
"""

_FILES: Final[Mapping[str, str]] = {
    "totals.py": _TOTALS,
    "test_totals.py": _TEST_TOTALS,
    "ProductList.tsx": _PRODUCT_LIST,
    "tiles.rs": _TILES,
    "worker.go": _WORKER,
    "queue.go": _QUEUE,
    "fraud.py": _FRAUD,
    "architecture.md": _ARCHITECTURE,
    "scheduler.go": _SCHEDULER,
    "total.ts": "export const total = (cart: Cart) =>\n"
    "  cart.items.reduce((sum, item) => sum + parseMoney(item.price).value, 0);\n",
    "refunds.ts": "export function refund(form: FormData) {\n"
    "  const amount = parseMoney(String(form.get('amount'))).value;\n"
    "  return api.post('/refunds', { amount });\n}\n",
}

_CLIPPY: Final = """\
    Checking atlas-maps v0.9.2
warning: writing `&Vec` instead of `&[_]` involves a new object where a slice will do
 --> src/tiles.rs:6:23
warning: the loop variable `i` is only used to index `tiles`
 --> src/tiles.rs:9:14
warning: using `clone` on type `TileKey` which implements the `Copy` trait
  --> src/tiles.rs:10:28
warning: `atlas-maps` (lib) generated 3 warnings
    Finished `dev` profile [unoptimized + debuginfo] target(s) in 4.18s"""

_MODULES: Final = "accounts audit currency entries exports fraud imports invoices rates".split()


def _pytest(failing: bool) -> str:
    rows = [
        f"tests/test_{module}.py::test_{what} PASSED"
        for module in _MODULES
        for what in ("create", "read", "update", "delete", "search", "paging", "permissions")
    ]
    if not failing:
        return "\n".join([*rows, "", "148 passed in 6.02s"])
    return "\n".join(
        [
            *rows,
            "tests/test_totals.py::test_tax_is_rounded_once_for_the_whole_invoice[40] FAILED",
            "",
            "E       AssertionError: assert Decimal('6.40') == Decimal('6.46')",
            "tests/test_totals.py:13: AssertionError",
            "1 failed, 147 passed in 6.31s",
        ]
    )


def _metrics() -> str:
    """60 rows of JSON, as a metrics command prints them."""
    verbs, nouns = ("GET", "POST", "PUT"), [*_MODULES, "statements", "transfers", "webhooks"]
    rows = [
        {
            "method": verb,
            "path": f"/v{version}/{noun}",
            "requests": 120 + 977 * (n + 1) % 8191,
            "errors": n * version % 7,
            "p50_ms": 12 + 31 * n % 87,
            "p95_ms": {"transfers": 812, "statements": 640, "imports": 588}.get(noun, 90 + 17 * n),
            "region": ("eu-central", "us-east")[n % 2],
        }
        for version in (1, 2)
        for verb in verbs[: 3 - (version == 2)]
        for n, noun in enumerate(nouns)
    ]
    return orjson.dumps({"window": "7d", "endpoints": rows}, option=orjson.OPT_INDENT_2).decode()


def _vitest() -> str:
    names = ("waits", "keeps the query in the URL", "drops a late answer", "shows a status")
    rows = [
        {
            "ancestorTitles": ["products", component],
            "fullName": f"products {component} {name}",
            "status": "passed",
            "title": name,
            "duration": 3 + 7 * n % 41,
            "failureMessages": [],
        }
        for n, component in enumerate(("ProductList", "ProductCard", "Pager", "useDebounced"))
        for name in names
    ]
    report = {"numTotalTests": len(rows), "numPassedTests": len(rows), "testResults": rows}
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode()


def _call_sites(root: str) -> str:
    files = "cart/total cart/voucher admin/refunds admin/prices checkout/tip api/orders".split()
    return "\n".join(
        f"{root}/src/{name}.ts:{31 + 19 * n}:  const {local} = parseMoney({local}Text);"
        for name in files
        for n, local in enumerate(("amount", "limit"))
    )


_OUTPUTS: Final[Mapping[str, str]] = {
    "pytest -q": _pytest(failing=True),
    "harborctl metrics endpoints --last 7d --json": _metrics(),
    "npx vitest run --reporter=json": _vitest(),
    "cargo clippy": _CLIPPY,
    "cargo clippy && cargo test": "    Finished `dev` profile in 2.70s\n\nrunning 64 tests\n"
    + "\n".join(f"test tiles::case_{n:02} ... ok" for n in range(64))
    + "\n\ntest result: ok. 64 passed; 0 failed",
    "rg -n go func": "internal/upload/worker.go:7:\t\tgo func() {\n"
    "internal/metrics/flush.go:22:\tgo func() {",
    "rg -n max-conns": "\n".join(
        f"{name}:{line}:  --max-conns"
        for name, line in (
            ("cmd/relay/flags.go", 18),
            ("docs/flags.md", 41),
            ("docs/tuning.md", 12),
            ("scripts/bench.sh", 9),
            ("scripts/soak.sh", 14),
            ("README.md", 77),
        )
    ),
    "go test -race ./internal/upload/...": "ok  \trelay/internal/upload\t3.412s",
    "go vet ./...": "",
    "pytest -q tests/test_fraud.py": "tests/test_fraud.py ............ [100%]\n12 passed in 0.9s",
    "go test -bench Scheduler": "\n".join(
        f"BenchmarkScheduler/workers-{n:02}-8  {4_000_000 // n}  {250 * n + n * n} ns/op"
        for n in (1, 2, 4, 8, 16, 32)
    )
    + "\nok  \trelay/internal/upload\t9.871s",
}


def result(tool: str, arguments: Arguments, again: bool = False) -> str:
    """What `tool` gives back. `again` is for a command that ran before in the conversation: what
    it complained of has been repaired meanwhile. What is not of the story, as when a real model
    answers, does not exist."""
    try:
        return _TOOLS[tool](arguments, again)
    except (KeyError, ValueError, AttributeError, TypeError):
        return "The demo's made-up workspace does not have that."


def _read(arguments: Arguments, again: bool) -> str:
    text = _FILES[arguments["file_path"].rpartition("/")[2]]
    return "\n".join(f"{n:6}\t{line}" for n, line in enumerate(text.splitlines(), start=1))


def _bash(arguments: Arguments, again: bool) -> str:
    command = arguments["command"]
    return _pytest(failing=False) if again and command == "pytest -q" else _OUTPUTS[command]


def _shell(arguments: Arguments, again: bool) -> str:
    program, *rest = arguments["command"]
    if program == "cat":
        return _FILES[rest[0].rpartition("/")[2]]
    return _OUTPUTS[" ".join(arguments["command"])]


def _grep(arguments: Arguments, again: bool) -> str:
    if arguments["pattern"] == "parseMoney":
        return _call_sites(arguments["path"])
    return "\n".join(
        f"{arguments['path']}/{place}: {arguments['pattern']}("
        for place in ("ledger/totals.py:24", "ledger/totals.py:30", "reports/monthly.py:57")
    )


def _glob(arguments: Arguments, again: bool) -> str:
    names = "ProductList.tsx ProductCard.tsx useProducts.ts ProductList.test.tsx".split()
    return "\n".join(f"{arguments['path']}/src/products/{name}" for name in names)


def _edit(arguments: Arguments, again: bool) -> str:
    return f"{arguments['file_path']} was changed."


def _write(arguments: Arguments, again: bool) -> str:
    return f"{arguments['file_path']} was written."


def _patch(arguments: Arguments, again: bool) -> str:
    return "Done."


_TOOLS: Final = {
    "Read": _read,
    "Bash": _bash,
    "Grep": _grep,
    "Glob": _glob,
    "Edit": _edit,
    "Write": _write,
    "shell": _shell,
    "apply_patch": _patch,
}
