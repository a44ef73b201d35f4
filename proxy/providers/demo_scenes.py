"""The story that the demo provider tells: what it says and which tools it calls, by the cue."""

from typing import Final

from proxy.providers.demo_scene import Scene, Step, bash, edit, grep, patch, read, shell, write

LEDGER: Final = "/home/mira/harbor-ledger"
SHOP: Final = "/home/mira/storefront"
MAPS: Final = "/home/mira/atlas-maps"

OLD_ROUNDING: Final = "    return sum(round(line.net * line.rate, 2) for line in lines)"
NEW_ROUNDING: Final = (
    "    exact = sum((line.net * line.rate for line in lines), Decimal())\n"
    '    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)'
)

_REPLICATION: Final = """\
## Design

Each region keeps a full copy. A write goes to a leader, which numbers it and sends it to the \
two others. It is **committed** once two of the three regions have it on disk, and only then is \
the client told. Leaders are chosen by vote; every message carries the leader's term, and a \
region never accepts an entry from a term older than the newest it has seen.

1. *Append*: the leader sends (term, index, entry, term of the entry before).
2. *Accept*: a region takes it if the entry before matches, else it asks for earlier ones.
3. *Commit*: two copies, one of them in the leader's own term.
4. *Vote*: a region votes once a term, and only for a candidate whose log is at least as new.

## Why no committed entry is lost

**Claim.** If entry *e* is committed in term *t*, every leader of a later term has *e*.

*Proof.* By induction on the term. *e* is on a set *A* of two regions. A leader of term *u > t* \
was voted in by a set *B* of two regions. Any two such sets among three share a region *r*. *r* \
took *e* before it voted in *u*, for after the vote it would have refused term *t*. So the \
winner's log is at least as new as the log of *r*. If their last terms are equal, the winner's \
log is at least as long and, by the matching rule, agrees with that of *r* up to its own \
length, so it holds *e*. If the winner's last term is newer, the entry that made it so came \
from a leader of a term between *t* and *u*, which held *e* by the induction hypothesis, and \
the matching rule carried *e* along. ∎

**A region is cut off.** The two others still make a majority and go on. The third can neither \
commit nor win a vote, so it can't contradict them; when it returns it is brought up to date.

## What this costs

One round trip to the nearer of the two other regions per commit: about 38 ms from Frankfurt, \
71 ms from Virginia. Reads that must be current ask the leader; others may be up to 200 ms old."""

SCENES: Final[tuple[Scene, ...]] = (
    Scene("hi there", "Hi! I have the harbor-ledger repository open. What shall we work on?"),
    Scene(
        "The invoice totals test fails",
        "Found and fixed. `tax_total` rounded every line to cents before adding them up, so an "
        "invoice of many small lines drifted by a cent. It now adds the exact amounts and rounds "
        "once, half to even, as the invoice format asks. All 148 tests pass; I left the line-level "
        "display rounding as it was.",
        (
            Step(
                "I'll look at the failure first.",
                (bash("pytest -q", "Run the tests"),),
            ),
            Step(
                "One failure, in the totals. Let me read the code and its test.",
                (
                    read(f"{LEDGER}/ledger/totals.py"),
                    read(f"{LEDGER}/tests/test_totals.py"),
                ),
            ),
            Step(
                "Each line is rounded before the sum. I'll see who else relies on that.",
                (grep("tax_total", LEDGER),),
            ),
            Step(
                "Only the invoice and its report do. Rounding once, at the end, fixes both.",
                (edit(f"{LEDGER}/ledger/totals.py", OLD_ROUNDING, NEW_ROUNDING),),
            ),
            Step(
                "Now the whole suite again.",
                (bash("pytest -q", "Run the tests again"),),
            ),
        ),
        "Fix invoice rounding by a cent",
    ),
    Scene(
        "Which endpoints were slowest",
        "Three stand out: `POST /v1/transfers` (p95 812 ms), `GET /v1/statements` (p95 640 ms) and "
        "`POST /v1/imports` (p95 588 ms). Transfers wait for the fraud check; statements read a "
        "month of entries without an index on `posted_at`. I'd begin with that index.",
        (
            Step(
                "The metrics command has that.",
                (bash("harborctl metrics endpoints --last 7d --json", "Latency by endpoint"),),
            ),
        ),
    ),
    Scene(
        "Compare caching the fraud check",
        "I took batching. A cache would have to forget a score whenever an account's limits "
        "change, and a stale score lets a payment through that should have been held; a batch of "
        "up to 32 asks anew each time. It is behind `FRAUD_BATCHING`, off by default: one call "
        "waits at most 15 ms for company, a failed batch falls back to single calls, and the order "
        "of answers follows the order of questions. Four tests cover that, and all 152 pass. To go "
        "back, switch the flag off; nothing is stored.",
        (
            Step(
                "The check itself, who calls it, and how slow it is.",
                (
                    read(f"{LEDGER}/ledger/fraud.py"),
                    grep("fraud_score", LEDGER),
                    bash("harborctl metrics endpoints --last 7d --json", "Latency by endpoint"),
                ),
            ),
            Step(
                "Limits change by the hour, so a cache would be wrong too often. Batching.",
                (
                    edit(
                        f"{LEDGER}/ledger/fraud.py",
                        "    return (await client.post(URL, [payment]))[0]",
                        "    if not settings.FRAUD_BATCHING:\n"
                        "        return (await client.post(URL, [payment]))[0]\n"
                        "    return await batch.ask(payment)",
                    ),
                    write(
                        f"{LEDGER}/ledger/batch.py",
                        '"""Gathers questions for up to 15 ms, asks them at once."""'
                        "\n\nimport asyncio\n\nMOST = 32\nWAIT = 0.015\n\n\n"
                        "class Batch:\n    def __init__(self, ask_all):\n"
                        "        self._ask_all = ask_all\n        self._waiting = []\n\n"
                        "    async def ask(self, question):\n"
                        "        answer = asyncio.get_running_loop().create_future()\n"
                        "        self._waiting.append((question, answer))\n"
                        "        if len(self._waiting) == 1:\n"
                        "            asyncio.get_running_loop().call_later(WAIT, self._go)\n"
                        "        return await answer\n",
                    ),
                ),
            ),
            Step(
                "The tests.",
                (bash("pytest -q tests/test_fraud.py", "Test"),),
            ),
        ),
    ),
    Scene("thanks", "You're welcome. The branch is ready for review."),
    Scene(
        "across three regions and prove",
        _REPLICATION,
        (
            Step(
                "First what the ledger promises today, for that must still hold.",
                (read(f"{LEDGER}/docs/architecture.md"), grep("commit", f"{LEDGER}/ledger")),
            ),
        ),
        "Replicate the ledger across regions",
    ),
    Scene(
        "Write that down in docs/replication.md",
        "Written to `docs/replication.md`, with the proof in a section of its own and the numbers "
        "marked as estimates.",
        (
            Step(
                "I'll put it beside the other design notes.",
                (write(f"{LEDGER}/docs/replication.md", "# Replication\n\n" + _REPLICATION),),
            ),
        ),
    ),
    Scene(
        "Add a debounced search box",
        "The product list has a search box now. It waits 250 ms after the last key, keeps the "
        "query in the URL and cancels an answer that is no longer wanted. There is a test for each "
        "of the three, and the suite passes.",
        (
            Step(
                "First, what the list looks like today.",
                (
                    ("Glob", {"pattern": "src/products/**/*.ts*", "path": SHOP}),
                    read(f"{SHOP}/src/products/ProductList.tsx"),
                ),
            ),
            Step(
                "I'll add a small hook for the delay.",
                (
                    write(
                        f"{SHOP}/src/products/useDebounced.ts",
                        "import { useEffect, useState } from 'react';\n\n"
                        "export function useDebounced<T>(value: T, wait = 250): T {\n"
                        "  const [settled, settle] = useState(value);\n"
                        "  useEffect(() => {\n"
                        "    const timer = setTimeout(() => settle(value), wait);\n"
                        "    return () => clearTimeout(timer);\n"
                        "  }, [value, wait]);\n"
                        "  return settled;\n}\n",
                    ),
                    edit(
                        f"{SHOP}/src/products/ProductList.tsx",
                        "  const { data } = useProducts({ page });",
                        "  const wanted = useDebounced(query);\n"
                        "  const { data } = useProducts({ page, query: wanted });",
                    ),
                ),
            ),
            Step(
                "Now the tests, as JSON so that I can see each.",
                (bash("npx vitest run --reporter=json", "Run the product tests"),),
            ),
        ),
        "Add product search",
    ),
    Scene(
        "Find every call site of parseMoney",
        "14 call sites in 9 files. Two ignore the error: `src/cart/total.ts:31` and "
        "`src/admin/refunds.ts:88` use the value without looking at `ok`. The others check it.",
        (
            Step(
                "Searching.",
                (grep("parseMoney", SHOP),),
            ),
            Step(
                "Two look suspicious; reading them.",
                (
                    read(f"{SHOP}/src/cart/total.ts"),
                    read(f"{SHOP}/src/admin/refunds.ts"),
                ),
            ),
        ),
    ),
    Scene(
        "What does HTTP 409 mean",
        "409 Conflict: the request is fine in itself but clashes with the state of the resource, "
        "for example an edit of a version that someone else has replaced.",
        title="HTTP 409",
    ),
    Scene(
        "cargo clippy complains",
        "Clippy is quiet. The loop became an iterator, the clone was not needed, and the tile key "
        "is passed by value since it is `Copy`. No behaviour changed; the tests pass.",
        (
            Step(
                "Let me see the warnings.",
                (bash("cargo clippy", "Lint the crate"),),
            ),
            Step("Reading the file.", (read(f"{MAPS}/src/tiles.rs"),)),
            Step(
                "Three small changes.",
                (
                    edit(
                        f"{MAPS}/src/tiles.rs", "for i in 0..tiles.len() {", "for tile in &tiles {"
                    ),
                ),
            ),
            Step(
                "And once more.",
                (bash("cargo clippy && cargo test", "Lint and test"),),
            ),
        ),
        "Quiet clippy in tiles.rs",
    ),
    Scene(
        "The upload worker leaks goroutines",
        "The leak was in `Worker.Run`: when the context ended while a result was being sent, the "
        "sender waited forever on an unbuffered channel. It now selects on `ctx.Done()` as well. "
        "The race test with 500 cancelled uploads ends with the goroutines it began with.",
        (
            Step("Looking for where they start.", (shell("rg", "-n", "go func"),)),
            Step("That one.", (shell("cat", "internal/upload/worker.go"),)),
            Step(
                "The send has no way out.",
                (
                    patch(
                        "*** Update File: internal/upload/worker.go\n"
                        "-\t\tresults <- result\n"
                        "+\t\tselect {\n+\t\tcase results <- result:\n"
                        "+\t\tcase <-ctx.Done():\n+\t\t\treturn\n+\t\t}\n"
                    ),
                ),
            ),
            Step(
                "Checking with the race detector.",
                (shell("go", "test", "-race", "./internal/upload/..."),),
            ),
        ),
    ),
    Scene(
        "Refactor the upload scheduler",
        "Each worker has a queue of its own now and, when that is empty, takes half of the longest "
        "other one. The one lock that all of them fought for is gone: in the benchmark with 32 "
        "workers the time spent waiting fell from 41% to 3%. A worker that steals holds one lock "
        "at a time, so no two can wait for each other. The race test with 10,000 jobs passes.",
        (
            Step(
                "First the scheduler, and where it waits.",
                (
                    shell("cat", "internal/upload/scheduler.go"),
                    shell("go", "test", "-bench", "Scheduler"),
                ),
            ),
            Step(
                "One lock for everything. A queue for each worker, stealing from the back.",
                (
                    patch(
                        "*** Update File: internal/upload/scheduler.go\n"
                        "-\tmu   sync.Mutex\n-\tjobs []Job\n+\tqueues []queue\n"
                        "*** Add File: internal/upload/queue.go\n"
                        "+// steal moves the back half of the longest other queue.\n"
                        "+func (s *Scheduler) steal(own int) bool {\n"
                        "+\tlongest := s.longest(own)\n"
                        "+\ttaken := s.queues[longest].half()\n"
                        "+\ts.queues[own].add(taken)\n+\treturn len(taken) > 0\n+}\n"
                    ),
                ),
            ),
            Step(
                "With the race detector.",
                (shell("go", "test", "-race", "./internal/upload/..."),),
            ),
        ),
    ),
    Scene(
        "how the retry queue orders jobs",
        "By the time of their next attempt, earliest first; jobs that are due at the same moment "
        "go by priority, then by age. A failed job's delay doubles up to ten minutes, with a fifth "
        "of jitter so that a broken upstream is not hit by all of them at once.",
        (Step("Reading it.", (shell("cat", "internal/retry/queue.go"),)),),
    ),
    Scene(
        "Rename the flag --max-conns",
        "Renamed in the flag's definition, the docs and two scripts. `--max-conns` still works and "
        "prints a line that it has a new name.",
        (
            Step("Where it stands.", (shell("rg", "-n", "max-conns"),)),
            Step(
                "Six places.",
                (
                    patch(
                        "*** Update File: cmd/relay/flags.go\n"
                        '-\tmaxConns := flag.Int("max-conns", 64, "open connections")\n'
                        '+\tmaxConns := flag.Int("connections", 64, "open connections")\n'
                    ),
                    shell("go", "vet", "./..."),
                ),
            ),
        ),
    ),
    Scene(
        "Add an --archive option",
        "notes/cli.py\n```python\n<<<<<<< SEARCH\n@click.option('--tag')\ndef show(tag):\n"
        "    for note in store.notes(tag=tag):\n=======\n@click.option('--tag')\n"
        "@click.option('--archive', is_flag=True, help='Archived notes too.')\n"
        "def show(tag, archive):\n    for note in store.notes(tag=tag, archived=archive):\n"
        ">>>>>>> REPLACE\n```\n",
    ),
    Scene("Write a commit message", "feat: show archived notes with --archive"),
    Scene(
        "difference between a list and a tuple",
        "A list can change after it is made, a tuple can't. So a tuple of hashable values can be a "
        "dictionary key, and a list never can.",
    ),
)
