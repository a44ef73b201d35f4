"""Real Codex works a whole task through the proxy, with each of its tool sets, on any upstream."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from tests.clients.install import program
from tests.clients.running import Work, ledger
from tests.clients.versions import CODEX
from tests.support import chat, messages, responses
from tests.support.messages import Block, call, text
from tests.support.program import Running, serve
from tests.support.proxy import config_for
from tests.support.responses import free_call
from tests.support.upstream import Sent, Upstream

Body = dict[str, Any]
Step = list[Block]

UPSTREAMS = {
    "openai_responses_compatible": responses.reply,
    "anthropic_compatible": messages.reply,
    "openai_compatible": chat.reply,
}
# Codex picks its tools by the model's name: functions alone; a free-text patch tool beside them;
# one free-text tool in a namespace, which runs scripts that call the others.
MODELS = ("some-model", "gpt-5.5", "gpt-6-astra")
TASK = "Fix the greeting in hello.py so that it says Hello, then run it and write notes.txt."
DONE = "Done: it says Hello."
PATCH = """*** Begin Patch
*** Update File: hello.py
@@
-print("Helo")
+print("Hello")
*** End Patch
"""
CONFIG = """
model_provider = "local"

[model_providers.local]
name = "local"
base_url = "{url}/v1"
env_key = "LOCAL_KEY"
wire_api = "responses"
"""


def shell(id: str, command: str) -> Block:
    return call(id, "exec_command", cmd=command)


def patch(id: str, foreign: bool) -> Block:
    return call(id, "apply_patch", input=PATCH) if foreign else free_call(id, "apply_patch", PATCH)


def script(id: str, source: str, foreign: bool) -> Block:
    if foreign:
        return call(id, "functions__exec", input=source)
    return free_call(id, "exec", source, "functions")


def functions(foreign: bool) -> list[Step]:
    return [
        [text("I read it first."), shell("call_1", "cat hello.py")],
        [shell("call_2", "sed -i s/Helo/Hello/ hello.py")],
        [
            text("Now both at once."),
            shell("call_3", "python3 hello.py"),
            shell("call_4", "echo greeting fixed > notes.txt"),
        ],
        [text(DONE)],
    ]


def free_text(foreign: bool) -> list[Step]:
    steps = functions(foreign)
    steps[1] = [patch("call_2", foreign)]
    return steps


def scripts(foreign: bool) -> list[Step]:
    edit = f"text(await tools.apply_patch({orjson.dumps(PATCH).decode()}));"
    run = "const r = await tools.exec_command({cmd: %s}); text(r.output ?? r);"
    return [
        [text("I read it first."), script("call_1", run % '"cat hello.py"', foreign)],
        [script("call_2", edit, foreign)],
        [
            text("Now both at once."),
            script("call_3", run % '"python3 hello.py"', foreign),
            script("call_4", run % '"echo greeting fixed > notes.txt"', foreign),
        ],
        [text(DONE)],
    ]


SCRIPTS: dict[str, Callable[[bool], list[Step]]] = dict(
    zip(MODELS, (functions, free_text, scripts), strict=True)
)


def results(body: Body) -> list[str]:
    """What the tools gave back, in order, as an upstream of any dialect sees it."""
    if "input" in body:
        items = [one for one in body["input"] if one["type"].endswith("_call_output")]
        return [_words(one["output"]) for one in items]
    found = [_words(one["content"]) for one in body["messages"] if one["role"] == "tool"]
    parts = [p for m in body["messages"] if isinstance(m["content"], list) for p in m["content"]]
    return found + [_words(p.get("content")) for p in parts if p["type"] == "tool_result"]


def _words(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content or ""


def step_of(steps: list[Step], answered: int) -> Step:
    """The first step whose calls have not been answered yet."""
    for step in steps:
        answered -= sum(block["type"] != "text" for block in step)
        if answered < 0:
            return step
    return steps[-1]


def upstream_for(kind: str, model: str) -> Upstream:
    steps = SCRIPTS[model](kind != "openai_responses_compatible")

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if request.method != "POST":
            return web.Response(status=404)
        step = step_of(steps, len(results(sent.body)))
        return await UPSTREAMS[kind](request, sent, step)

    return Upstream(answer)


async def codex(work: Work, running: Running, model: str) -> str:
    """Run Codex headless on the task; what it printed."""
    settings = work.home / ".codex"
    settings.mkdir()
    (settings / "config.toml").write_text(CONFIG.format(url=running.url))
    options = ("--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox")
    return await work.run(
        program(CODEX), "exec", *options, "-m", model, TASK, LOCAL_KEY="dummy", RUST_LOG="error"
    )


@pytest.mark.client
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_codex_reads_edits_runs_and_writes(tmp_path: Path, kind: str, model: str):
    work = Work(tmp_path)
    async with (
        upstream_for(kind, model) as upstream,
        serve(tmp_path, config_for(upstream.url, kind)) as running,
    ):
        said = await codex(work, running, model)
        await asyncio.sleep(0.2)
        rows = ledger(running)
    assert work.source.read_text() == 'print("Hello")\n', said
    assert work.notes.read_text() == "greeting fixed\n"
    assert DONE in said
    posts = [one.body for one in upstream.sent if one.method == "POST"]
    assert len(posts) == 4
    assert [row["state"] for row in rows] == ["done"] * 4
    assert {row["client"] for row in rows} == {"codex"}
    assert len({row["session"] for row in rows}) == 1
    given = results(posts[-1])
    assert len(given) == 4
    assert 'print("Helo")' in given[0]
    assert "Hello" in given[2]
