"""Real Claude Code works a whole task through the proxy, on either upstream dialect."""

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.clients.install import npm
from tests.support import chat, messages
from tests.support.messages import call, text
from tests.support.program import Running, serve
from tests.support.proxy import config_for
from tests.support.upstream import Sent, Upstream

CLIENT_SECONDS = 90
VERSION = "2.1.197"
TASK = "Fix the greeting in hello.py so that it says Hello, then run it and write notes.txt."

UPSTREAMS = {"anthropic_compatible": messages.reply, "openai_compatible": chat.reply}


def script(folder: Path) -> list[list[dict[str, Any]]]:
    """The model's side of the dialogue, a step an answer."""
    source, notes = str(folder / "hello.py"), str(folder / "notes.txt")
    return [
        [text("I read it first."), call("toolu_1", "Read", file_path=source)],
        [
            call(
                "toolu_2",
                "Edit",
                file_path=source,
                old_string='print("Helo")',
                new_string='print("Hello")',
            )
        ],
        [
            text("Now both at once."),
            call("toolu_3", "Bash", command=f"python3 {source}", description="Run it"),
            call("toolu_4", "Write", file_path=notes, content="greeting fixed\n"),
        ],
        [text("Done: it says Hello.")],
    ]


def rounds(body: dict[str, Any]) -> int:
    """Tool rounds so far, by what the upstream sees: calls that have their results."""
    return sum(
        message["role"] == "assistant"
        and (
            bool(message.get("tool_calls"))
            or any(
                isinstance(block, dict) and block.get("type") == "tool_use"
                for block in message.get("content") or ()
            )
        )
        for message in body["messages"]
    )


def upstream_for(kind: str, folder: Path) -> Upstream:
    steps = script(folder)

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if not sent.body.get("tools"):
            return await UPSTREAMS[kind](request, sent, [text("A short title")])
        return await UPSTREAMS[kind](request, sent, steps[min(rounds(sent.body), len(steps) - 1)])

    return Upstream(answer)


async def claude(program: Path, folder: Path, running: Running) -> str:
    """Run Claude Code headless on the task; what it printed."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        program,
        *("-p", TASK, "--dangerously-skip-permissions"),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "ANTHROPIC_BASE_URL": running.url,
            "ANTHROPIC_AUTH_TOKEN": "dummy",
            "IS_SANDBOX": "1",
            "DISABLE_TELEMETRY": "1",
            "DISABLE_ERROR_REPORTING": "1",
            "DISABLE_AUTOUPDATER": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1",
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), CLIENT_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
    return out.decode()


def ledger(running: Running) -> list[sqlite3.Row]:
    db = sqlite3.connect(f"file:{running.data / 'ledger.db'}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    try:
        return db.execute("SELECT * FROM exchanges ORDER BY at").fetchall()
    finally:
        db.close()


@pytest.mark.client
@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_claude_code_reads_edits_runs_and_writes(tmp_path: Path, kind: str):
    program = npm("@anthropic-ai/claude-code", VERSION, "claude")
    work = tmp_path / "work"
    work.mkdir()
    (work / "hello.py").write_text('print("Helo")\n')
    async with (
        upstream_for(kind, work) as upstream,
        serve(tmp_path, config_for(upstream.url, kind)) as running,
    ):
        said = await claude(program, work, running)
        await asyncio.sleep(0.2)
        rows = ledger(running)
    assert "Done: it says Hello." in said
    assert (work / "hello.py").read_text() == 'print("Hello")\n'
    assert (work / "notes.txt").read_text() == "greeting fixed\n"
    posts = [one for one in upstream.sent if one.method == "POST" and "count" not in one.path]
    assert [row["state"] for row in rows] == ["done"] * len(posts)
    assert {row["client"] for row in rows} == {"claude-code"}
    main = [one.body for one in posts if one.body.get("tools")]
    assert all(row["session"] == rows[0]["session"] for row in rows)
    assert _tool_results(main[-1]) == 4
    assert _late_system(main[-1]), "a system message inside the conversation did not arrive"


def _tool_results(body: dict[str, Any]) -> int:
    blocks = [
        block
        for message in body["messages"]
        for block in (message["content"] if isinstance(message.get("content"), list) else ())
    ]
    told = [message for message in body["messages"] if message["role"] == "tool"]
    return len(told) + len([block for block in blocks if block.get("type") == "tool_result"])


def _late_system(body: dict[str, Any]) -> bool:
    """A message with role system stands after the first user message."""
    roles = [message["role"] for message in body["messages"]]
    return "system" in roles[roles.index("user") :]
