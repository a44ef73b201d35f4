"""The loop that every client with tools must get through, and what must have arrived."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.clients.hands import Hands
from tests.clients.running import DONE, OWN_WORDS, TASK, Work, ledger
from tests.clients.scripted import Scripted
from tests.support.program import serve
from tests.support.proxy import config_for

Drive = Callable[[Work, str], Awaitable[str]]  # the work and the proxy's URL; what it printed


NO_RETRY = "[retry]\ntimes = 0\n"


async def play(
    folder: Path, part: Scripted, drive: Drive, more: str = ""
) -> tuple[Work, list[sqlite3.Row]]:
    """Run a client against the part through a real proxy; its folder, and the ledger's rows."""
    work = Work(folder)
    part.steps = part.steps or work.steps()
    async with (
        part.upstream() as upstream,
        serve(folder, config_for(upstream.url, part.kind, more)) as running,
    ):
        printed = await drive(work, running.url)
    assert DONE in printed, printed
    return work, ledger(running)


async def whole_loop(folder: Path, kind: str, client: str, hands: Hands, drive: Drive) -> Scripted:
    """Read, edit, two calls at once, done; the files, the ledger and what arrived are checked."""
    part = Scripted(kind, hands)
    work, rows = await play(folder, part, drive)
    assert work.source.read_text() == 'print("Hello")\n'
    assert work.notes.read_text().strip() == "greeting fixed"
    assert {row["state"] for row in rows} == {"done"}
    assert {row["client"] for row in rows} == {client}
    assert len({row["session"] for row in rows}) == 1
    _arrived(part)
    return part


def _arrived(part: Scripted) -> None:
    """The whole conversation reached the upstream: who said what, and the results in order."""
    longest = max(part.played, key=lambda body: len(part.view.results(body)))
    read, edited, ran, wrote = part.view.results(longest)
    assert [one.id for one in (read, edited, ran, wrote)] == [f"toolu_{n:02}" for n in range(1, 5)]
    assert "Helo" in read.text
    assert "Hello" in ran.text
    assert wrote.text and edited.text
    said = part.view.said(longest)
    assert any(one.role == "system" and len(one.text) > 100 for one in said), "no system prompt"
    spoken = [one.text for one in said if one.role == "user"]
    assert any(TASK in text for text in spoken), "the task did not arrive"
    answers = [one.text for one in said if one.role == "assistant"]
    assert [text for text in answers if text in OWN_WORDS] == OWN_WORDS
