"""The loop that every client with tools must get through, and what must have arrived."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.clients.hands import Hands
from tests.clients.running import DONE, TASK, Work, ledger
from tests.clients.scripted import Fault, Scripted
from tests.support.program import serve
from tests.support.proxy import config_for

Drive = Callable[[Work, str], Awaitable[str]]  # the work and the proxy's URL; what it printed


async def whole_loop(
    folder: Path, kind: str, hands: Hands, drive: Drive, faults: dict[int, Fault] | None = None
) -> Scripted:
    """Read, edit, two calls at once, done; the files, the ledger and what arrived are checked."""
    work = Work(folder)
    part = Scripted(kind, hands, work.steps(), faults or {})
    failures = len(part.faults)
    async with (
        part.upstream() as upstream,
        serve(folder, config_for(upstream.url, kind)) as running,
    ):
        printed = await drive(work, running.url)
    assert DONE in printed, printed
    assert work.source.read_text() == 'print("Hello")\n'
    assert work.notes.read_text().strip() == "greeting fixed"
    states = [row["state"] for row in ledger(running)]
    assert states.count("done") == len(states) - failures, states
    _arrived(part)
    return part


def _arrived(part: Scripted) -> None:
    """The whole conversation reached the upstream: who said what, and the results in order."""
    longest = max(part.played, key=lambda body: len(part.view.results(body)))
    read, edited, ran, wrote = part.view.results(longest)
    assert [one.id for one in (read, edited, ran, wrote)] == [f"toolu_{n:02}" for n in range(1, 5)]
    assert 'print("Helo")' in read.text
    assert "Hello" in ran.text
    assert wrote.text and edited.text
    said = part.view.said(longest)
    assert any(one.role == "system" and len(one.text) > 100 for one in said), "no system prompt"
    spoken = [one.text for one in said if one.role == "user"]
    assert any(TASK in text for text in spoken), "the task did not arrive"
    assert [one.text for one in said if one.role == "assistant" and one.text] == [
        "I read it first.",
        "Now both at once.",
    ]
