"""Runs a client headless in a folder of its own, and reads what it left behind."""

import asyncio
import os
import signal
import sqlite3
from contextlib import suppress
from pathlib import Path

from tests.clients.hands import Step, edit, read, shell, write
from tests.support.program import Running

CLIENT_SECONDS = 90
TASK = "Fix the greeting in hello.py so that it says Hello, then run it and write notes.txt."
OWN_WORDS = ["I read it first.", "Now both at once."]
DONE = "Done: it says Hello."


class Work:
    """A client's working folder with a wrong greeting in it, and a home of its own beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.home = folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        self.source = self.folder / "hello.py"
        self.notes = self.folder / "notes.txt"
        self.picture = self.folder / "dot.png"
        self.source.write_text('print("Helo")\n')

    def steps(self) -> list[Step]:
        """The model's side of the task: read, edit, two calls at once, done."""
        return [
            [OWN_WORDS[0], read(self.source)],
            [edit(self.source, 'print("Helo")', 'print("Hello")')],
            [
                OWN_WORDS[1],
                shell(f"python3 {self.source}"),
                write(self.notes, "greeting fixed\n"),
            ],
            [DONE],
        ]

    async def run(self, *command: str | Path, **env: str) -> str:
        """Run a client here with nothing of our own environment but the PATH; what it printed."""
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.home), "TERM": "dumb", **env},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            out, _ = await asyncio.wait_for(process.communicate(), CLIENT_SECONDS)
        finally:
            with suppress(ProcessLookupError):  # the whole group: some leave helpers behind
                os.killpg(process.pid, signal.SIGKILL)
        return out.decode(errors="replace")


def ledger(running: Running) -> list[sqlite3.Row]:
    """The exchanges so far, oldest first."""
    db = sqlite3.connect(f"file:{running.data / 'ledger.db'}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        return db.execute("SELECT * FROM exchanges ORDER BY at").fetchall()
    finally:
        db.close()
