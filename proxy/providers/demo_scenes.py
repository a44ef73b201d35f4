"""The story that the demo provider tells: what it says and which tools it calls, by the cue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Call = tuple[str, Mapping[str, Any]]  # tool, arguments


@dataclass(frozen=True, slots=True)
class Step:
    """One tool round: a sentence, and the calls that follow it."""

    say: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Opened by a user text that holds `cue`; `title` is what a title request gets."""

    cue: str
    end: str
    steps: tuple[Step, ...] = ()
    title: str = "Demo session"


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
                (("Bash", {"command": "pytest -q", "description": "Run the tests"}),),
            ),
            Step(
                "One failure, in the totals. Let me read the code and its test.",
                (
                    ("Read", {"file_path": f"{LEDGER}/ledger/totals.py"}),
                    ("Read", {"file_path": f"{LEDGER}/tests/test_totals.py"}),
                ),
            ),
            Step(
                "Each line is rounded before the sum. I'll see who else relies on that.",
                (("Grep", {"pattern": "tax_total", "path": LEDGER, "output_mode": "content"}),),
            ),
            Step(
                "Only the invoice and its report do. Rounding once, at the end, fixes both.",
                (
                    (
                        "Edit",
                        {
                            "file_path": f"{LEDGER}/ledger/totals.py",
                            "old_string": OLD_ROUNDING,
                            "new_string": NEW_ROUNDING,
                        },
                    ),
                ),
            ),
            Step(
                "Now the whole suite again.",
                (("Bash", {"command": "pytest -q", "description": "Run the tests again"}),),
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
                (
                    (
                        "Bash",
                        {
                            "command": "harborctl metrics endpoints --last 7d --json",
                            "description": "Latency by endpoint",
                        },
                    ),
                ),
            ),
        ),
    ),
    Scene("thanks", "You're welcome. The branch is ready for review."),
    Scene(
        "across three regions and prove",
        _REPLICATION,
        title="Replicate the ledger across regions",
    ),
    Scene(
        "Write that down in docs/replication.md",
        "Written to `docs/replication.md`, with the proof in a section of its own and the numbers "
        "marked as estimates.",
        (
            Step(
                "I'll put it beside the other design notes.",
                (
                    (
                        "Write",
                        {
                            "file_path": f"{LEDGER}/docs/replication.md",
                            "content": "# Replication\n\n" + _REPLICATION,
                        },
                    ),
                ),
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
                    ("Read", {"file_path": f"{SHOP}/src/products/ProductList.tsx"}),
                ),
            ),
            Step(
                "I'll add a small hook for the delay.",
                (
                    (
                        "Write",
                        {
                            "file_path": f"{SHOP}/src/products/useDebounced.ts",
                            "content": "import { useEffect, useState } from 'react';\n\n"
                            "export function useDebounced<T>(value: T, wait = 250): T {\n"
                            "  const [settled, settle] = useState(value);\n"
                            "  useEffect(() => {\n"
                            "    const timer = setTimeout(() => settle(value), wait);\n"
                            "    return () => clearTimeout(timer);\n"
                            "  }, [value, wait]);\n"
                            "  return settled;\n}\n",
                        },
                    ),
                    (
                        "Edit",
                        {
                            "file_path": f"{SHOP}/src/products/ProductList.tsx",
                            "old_string": "  const { data } = useProducts({ page });",
                            "new_string": "  const wanted = useDebounced(query);\n"
                            "  const { data } = useProducts({ page, query: wanted });",
                        },
                    ),
                ),
            ),
            Step(
                "Now the tests, as JSON so that I can see each.",
                (
                    (
                        "Bash",
                        {
                            "command": "npx vitest run --reporter=json",
                            "description": "Run the product tests",
                        },
                    ),
                ),
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
                (("Grep", {"pattern": "parseMoney", "path": SHOP, "output_mode": "content"}),),
            ),
            Step(
                "Two look suspicious; reading them.",
                (
                    ("Read", {"file_path": f"{SHOP}/src/cart/total.ts"}),
                    ("Read", {"file_path": f"{SHOP}/src/admin/refunds.ts"}),
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
                (("Bash", {"command": "cargo clippy", "description": "Lint the crate"}),),
            ),
            Step("Reading the file.", (("Read", {"file_path": f"{MAPS}/src/tiles.rs"}),)),
            Step(
                "Three small changes.",
                (
                    (
                        "Edit",
                        {
                            "file_path": f"{MAPS}/src/tiles.rs",
                            "old_string": "for i in 0..tiles.len() {",
                            "new_string": "for tile in &tiles {",
                        },
                    ),
                ),
            ),
            Step(
                "And once more.",
                (
                    (
                        "Bash",
                        {
                            "command": "cargo clippy && cargo test",
                            "description": "Lint and test",
                        },
                    ),
                ),
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
            Step(
                "Looking for where they start.", (("shell", {"command": ["rg", "-n", "go func"]}),)
            ),
            Step("That one.", (("shell", {"command": ["cat", "internal/upload/worker.go"]}),)),
            Step(
                "The send has no way out.",
                (
                    (
                        "apply_patch",
                        {
                            "patch": "*** Update File: internal/upload/worker.go\n"
                            "-\t\tresults <- result\n"
                            "+\t\tselect {\n+\t\tcase results <- result:\n"
                            "+\t\tcase <-ctx.Done():\n+\t\t\treturn\n+\t\t}\n"
                        },
                    ),
                ),
            ),
            Step(
                "Checking with the race detector.",
                (("shell", {"command": ["go", "test", "-race", "./internal/upload/..."]}),),
            ),
        ),
    ),
    Scene(
        "how the retry queue orders jobs",
        "By the time of their next attempt, earliest first; jobs that are due at the same moment "
        "go by priority, then by age. A failed job's delay doubles up to ten minutes, with a fifth "
        "of jitter so that a broken upstream is not hit by all of them at once.",
        (Step("Reading it.", (("shell", {"command": ["cat", "internal/retry/queue.go"]}),)),),
    ),
    Scene(
        "Rename the flag --max-conns",
        "Renamed in the flag's definition, the docs and two scripts. `--max-conns` still works and "
        "prints a line that it has a new name.",
        (
            Step("Where it stands.", (("shell", {"command": ["rg", "-n", "max-conns"]}),)),
            Step(
                "Six places.",
                (
                    (
                        "apply_patch",
                        {
                            "patch": "*** Update File: cmd/relay/flags.go\n"
                            '-\tmaxConns := flag.Int("max-conns", 64, "open connections")\n'
                            '+\tmaxConns := flag.Int("connections", 64, "open connections")\n'
                        },
                    ),
                    ("shell", {"command": ["go", "vet", "./..."]}),
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
