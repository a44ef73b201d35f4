"""`lynkr-tui wrap` with real clients: each works a whole task, led by nothing but the command."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.clients import test_aider, test_claude_code, test_cline, test_codex, test_opencode
from tests.clients.hands import CLAUDE_CODE as CLAUDE_HANDS
from tests.clients.hands import CLINE as CLINE_HANDS
from tests.clients.hands import CONTINUE as CONTINUE_HANDS
from tests.clients.hands import OPENCODE as OPENCODE_HANDS
from tests.clients.hands import QWEN_CODE as QWEN_HANDS
from tests.clients.hands import Hands
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import DONE, TASK, Work
from tests.clients.scripted import Scripted
from tests.clients.versions import (
    AIDER,
    CLAUDE_CODE,
    CLINE,
    CODEX,
    CONTINUE,
    OPENCODE,
    QWEN_CODE,
    Client,
)
from tests.support.program import PROGRAM, serve
from tests.support.proxy import config_for

pytestmark = pytest.mark.client

OWN = ("ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_GATEWAY_HINT_HEADERS")  # what wrap has to set itself
QUIET = {name: value for name, value in test_claude_code.QUIET.items() if name not in OWN}

# By wrap's name: the client, its words for one task, what keeps it quiet, its tools, its name in
# the ledger.
LOOPS: dict[str, tuple[Client, tuple[str, ...], dict[str, str], Hands, str]] = {
    "claude": (
        CLAUDE_CODE,
        ("-p", TASK, "--dangerously-skip-permissions"),
        QUIET,
        CLAUDE_HANDS,
        "claude-code",
    ),
    "cline": (CLINE, (TASK,), {}, CLINE_HANDS, "cline"),
    "continue": (
        CONTINUE,
        ("-p", "--auto", TASK),
        {"CONTINUE_TELEMETRY_ENABLED": "0"},
        CONTINUE_HANDS,
        "continue",
    ),
    "opencode": (
        OPENCODE,
        ("run", "--auto", TASK),
        test_opencode.QUIET,
        OPENCODE_HANDS,
        "opencode",
    ),
    "qwen": (QWEN_CODE, ("-y", "-p", TASK), {}, QWEN_HANDS, "qwen"),
}
CODEX_WORDS = (
    *("exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"),
    *("-m", "gpt-5.5", TASK),
)


async def wrap(
    work: Work, name: str, client: Client, options: list[str], words: tuple[str, ...], **env: str
) -> str:
    """Run the client by `wrap`, with its program on the PATH; what both printed."""
    path = f"{program(client).parent}{os.pathsep}{os.environ['PATH']}"
    ours = {key: os.environ[key] for key in ("PYTHONPATH",) if key in os.environ}
    command = ("wrap", name, *options, "--", *words)
    return await work.run(PROGRAM, *command, **{**env, **ours, "PATH": path})


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@pytest.mark.parametrize("name", LOOPS)
async def test_a_client_joins_the_proxy_that_runs_and_works_a_whole_task(tmp_path: Path, name: str):
    client, words, quiet, hands, known = LOOPS[name]
    printed = ""

    async def drive(work: Work, url: str) -> str:
        nonlocal printed
        try:
            port = str(urlsplit(url).port)
            printed = await wrap(work, name, client, ["--port", port], words, **quiet)
        finally:
            test_cline.end_hub(work)
        return printed

    await whole_loop(tmp_path, "openai_compatible", known, hands, drive)
    assert f"{name} goes through http://127.0.0.1:" in printed and "(joined)" in printed
    assert f"exchanges of {name}; measured: " in printed


async def test_claude_gets_a_proxy_of_its_own_which_is_gone_afterwards(tmp_path: Path):
    work = Work(tmp_path)
    part = Scripted("anthropic_compatible", CLAUDE_HANDS, work.steps())
    async with part.upstream() as upstream:
        config, data = tmp_path / "config.toml", tmp_path / "data"
        config.write_text(config_for(upstream.url))
        options = ["--config", str(config), "--data", str(data)]
        client, words, quiet, _, _ = LOOPS["claude"]
        printed = await wrap(work, "claude", client, options, words, **quiet)
    assert DONE in printed
    assert "(its own)" in printed and "measured: " in printed and "estimated: " in printed
    assert work.notes.read_text() == "greeting fixed\n"
    with closing(sqlite3.connect(data / "ledger.db")) as db:
        rows = db.execute("SELECT DISTINCT client, state FROM exchanges").fetchall()
    assert rows == [("claude-code", "done")]
    assert not list(data.glob("*.pending")), "the proxy was not ended in order"


async def test_codex_works_a_whole_task_and_its_own_settings_stay(tmp_path: Path):
    work = Work(tmp_path)
    settings = work.home / ".codex"
    settings.mkdir()
    (settings / "config.toml").write_text('model_provider = "elsewhere"\n')
    (settings / "auth.json").write_text('{"OPENAI_API_KEY": "sk-proj-not-a-key"}')
    before = files_of(settings)
    async with (
        test_codex.upstream_for("openai_compatible", "gpt-5.5") as upstream,
        serve(tmp_path, config_for(upstream.url, "openai_compatible")) as running,
    ):
        options = ["--port", str(urlsplit(running.url).port)]
        printed = await wrap(work, "codex", CODEX, options, CODEX_WORDS, RUST_LOG="error")
    assert test_codex.DONE in printed
    assert work.notes.read_text() == "greeting fixed\n"
    assert "4 exchanges of codex" in printed
    after = files_of(settings)
    assert {name: after[name] for name in before} == before
    assert not any("sk-proj-not-a-key" in str(one.headers) for one in upstream.sent)


async def test_aider_edits_a_file(tmp_path: Path):
    work = Work(tmp_path)
    part = Scripted("openai_compatible", {}, side=test_aider.WHOLE_FILE)
    async with (
        part.upstream() as upstream,
        serve(tmp_path, config_for(upstream.url, "openai_compatible")) as running,
    ):
        options = ["--port", str(urlsplit(running.url).port)]
        words = (*test_aider.QUIET, "-m", TASK, "hello.py")
        printed = await wrap(
            work, "aider", AIDER, options, words, LITELLM_LOCAL_MODEL_COST_MAP="True"
        )
    assert work.source.read_text() == 'print("Hello")\n', printed
    assert "exchange of aider" in printed or "exchanges of aider" in printed
