"""The demo's working day: who works on what, and what they say."""

from typing import Any, Final

from msgspec import Struct

from app.demo.tools import CLAUDE_TOOLS, CODEX_TOOLS, SEARCH_TOOLS

Body = dict[str, Any]

_CACHED: Final = {"cache_control": {"type": "ephemeral"}}


class Client(Struct, frozen=True):
    """A coding agent: how it names itself and what it sends with each request."""

    agent: str
    model: str
    tools: tuple[Body, ...] = ()
    stream: bool = True
    extra: tuple[tuple[str, Any], ...] = ()


class Chore(Struct, frozen=True):
    """One conversation: a person's messages in order, each answered with as many tool rounds as it
    takes. `titled` asks for a title after each; `helper` is a sub-agent's task, given after the
    first; the first try of the message at `fails_at` meets an overloaded upstream."""

    client: Client
    place: str
    says: tuple[str, ...]
    titled: bool = False
    helper: str = ""
    fails_at: int = -1
    attach: str = ""  # a file that the client puts before the person's words


CLAUDE: Final = Client(
    "claude-cli/2.1.197 (external, cli)",
    "demo-reasoning",
    tuple(CLAUDE_TOOLS),
    extra=(("thinking", {"type": "adaptive"}),),
)
HELPER: Final = Client("claude-cli/2.1.197 (external, cli)", "demo-medium", tuple(SEARCH_TOOLS))
CODEX: Final = Client("codex_cli_rs/0.98.0 (Linux; x86_64)", "demo-reasoning", tuple(CODEX_TOOLS))
AIDER: Final = Client("aider/0.91.2", "demo-complex", stream=False)

_NOTES_CLI: Final = """\
Here is notes/cli.py, the only file you may change:

```python
import click

from notes import store


@click.group()
def cli():
    pass


@cli.command()
@click.option('--tag')
def show(tag):
    for note in store.notes(tag=tag):
        click.echo(f'{note.day:%Y-%m-%d}  {note.text}')


@cli.command()
@click.argument('text', nargs=-1)
@click.option('--tag', multiple=True)
def add(text, tag):
    store.add(' '.join(text), tags=tag)
```

"""
_DIFF: Final = """\
diff --git a/notes/cli.py b/notes/cli.py
@@ -11,6 +11,7 @@
 @click.option('--tag')
-def show(tag):
-    for note in store.notes(tag=tag):
+@click.option('--archive', is_flag=True, help='Archived notes too.')
+def show(tag, archive):
+    for note in store.notes(tag=tag, archived=archive):
"""
_COMMIT: Final = "Write a commit message of one line for this change.\n\n" + _DIFF

CHORES: Final[tuple[Chore, ...]] = (
    Chore(
        CLAUDE,
        "/home/mira/harbor-ledger",
        (
            "hi there",
            "The invoice totals test fails since the rounding change. Find out why and fix it.",
            "Which endpoints were slowest over the last seven days, and what would you do about "
            "the worst of them?",
            "thanks!",
        ),
    ),
    Chore(
        CODEX,
        "/home/jonas/relay",
        (
            "The upload worker leaks goroutines under load. Find the leak and fix it.",
            "how the retry queue orders jobs: explain it in two sentences",
        ),
    ),
    Chore(
        CLAUDE,
        "/home/mira/storefront",
        (
            "Add a debounced search box to the product list, with a test.",
            "What does HTTP 409 mean?",
        ),
        titled=True,
        helper="Find every call site of parseMoney under src and say which ones ignore its error.",
        fails_at=1,
    ),
    Chore(
        AIDER,
        "/home/lin/notes",
        ("Add an --archive option to the show command.",),
        attach=_NOTES_CLI,
    ),
    Chore(AIDER, "/home/lin/notes", (_COMMIT,)),
    Chore(
        CLAUDE,
        "/home/mira/harbor-ledger",
        (
            "Design a replication scheme for the ledger across three regions and prove that no "
            "committed entry is lost when one region is cut off. State every assumption.",
            "Write that down in docs/replication.md.",
        ),
    ),
    Chore(
        CLAUDE,
        "/home/mira/harbor-ledger",
        (
            "Compare caching the fraud check with batching its calls, analyze what each does to "
            "consistency, then implement the better one behind a flag with tests.",
        ),
    ),
    Chore(
        CODEX,
        "/home/jonas/relay",
        (
            "Refactor the upload scheduler so that idle workers steal jobs: look at the lock "
            "contention first, design the queue, then implement it with a race test.",
        ),
    ),
    Chore(CODEX, "/home/jonas/relay", ("Rename the flag --max-conns to --connections.",)),
    Chore(
        CLAUDE,
        "/home/mira/atlas-maps",
        ("cargo clippy complains about src/tiles.rs; make it quiet without allow attributes.",),
        titled=True,
    ),
    Chore(
        AIDER,
        "/home/lin/notes",
        ("What is the difference between a list and a tuple in Python?",),
    ),
    Chore(AIDER, "/home/lin/notes", (_COMMIT,)),
)


def system(chore: Chore) -> list[Body]:
    """The client's system prompt, marked for caching where the client does that."""
    mark = _CACHED if chore.client.tools else {}
    rules = _RULES if chore.client.tools else _RULES_WITHOUT_TOOLS
    place = f"The working folder is {chore.place}, a git repository on the branch main."
    return [{"type": "text", "text": rules}, {"type": "text", "text": place, **mark}]


_RULES: Final = """\
You are a coding assistant in a terminal. You work in the person's repository with the tools \
that you are given, and you finish what you begin.

# Manner
Answer in as few words as the question allows. No preamble, no summary of what was just shown. \
Name files with their line so that the person can jump there. Say so when you are not sure.

# Work
Look before you change: read the file and its test, search for callers. Follow the conventions \
that you find, in naming, layout and libraries; check that a library is used already before you \
use it. Make the smallest change that does the job. Run the tests, the types and the linter \
that the project has, and mend what you broke. Never weaken a test to make it pass.

# Care
Never write a secret into a file or a log. Ask before you delete what you did not make, before \
you rewrite history and before anything leaves the machine. Do not commit unless you were asked \
to.

# Tools
Make calls that do not depend on each other in one turn. Prefer the search tools to shell \
commands. Keep the list of what is to be done where there are three steps or more."""

_RULES_WITHOUT_TOOLS: Final = """\
Act as an expert programmer. Change files only by blocks that quote the lines to be replaced and \
the lines to put in their place, each block under the name of its file. Quote enough lines to be \
found, and no more. Answer questions in two sentences."""

TITLE_SYSTEM: Final = "Give the conversation a title of three to six words. Answer with JSON alone."
TITLE_FORM: Final[Body] = {
    "format": {
        "type": "json_schema",
        "schema": {
            "type": "object",
            "properties": {"title": {"type": "string"}},
            "required": ["title"],
            "additionalProperties": False,
        },
    }
}
