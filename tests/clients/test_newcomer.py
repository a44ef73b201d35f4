"""The newcomer's road on a clean home, from the checkout and from the built wheel: init, doctor,
a real client's task, history, statusline."""

import asyncio
import os
from pathlib import Path

import orjson
import pytest
from aiohttp import web

from tests.clients.hands import CLAUDE_CODE as HANDS
from tests.clients.install import program
from tests.clients.running import DONE, TASK, Work
from tests.clients.scripted import Scripted
from tests.clients.test_wrap import QUIET
from tests.clients.versions import CLAUDE_CODE
from tests.support.program import PROGRAM
from tests.support.upstream import Sent, Upstream, as_json
from tests.support.wheel import installed

pytestmark = pytest.mark.client

MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")


def provider(part: Scripted) -> Upstream:
    """The scripted model, at a vendor that lists its models."""

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        if request.method == "GET":
            return as_json({"data": [{"id": name} for name in MODELS]})
        return await part._answer(request, sent)

    return Upstream(answer)


def _wheel(folder: Path) -> Path:
    (folder / "wheel").mkdir()
    return installed(folder / "wheel")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("place", ["checkout", "wheel"])
async def test_from_install_to_the_first_saving(tmp_path: Path, place: str):
    lynkr = PROGRAM if place == "checkout" else await asyncio.to_thread(_wheel, tmp_path)
    work = Work(tmp_path)
    part = Scripted("anthropic_compatible", HANDS, work.steps())
    own = ("PYTHONPATH",) if place == "checkout" else ()
    env = {name: os.environ[name] for name in own if name in os.environ}
    env |= {"ANTHROPIC_API_KEY": "sk-ant-scripted", **QUIET}
    env["PATH"] = f"{program(CLAUDE_CODE).parent}{os.pathsep}{os.environ['PATH']}"
    async with provider(part) as upstream:
        made = await work.run(lynkr, "init", "--yes", "--at", f"anthropic={upstream.url}", **env)
        assert "Written to" in made, made
        checked = await work.run(lynkr, "doctor", "--port", "0", **env)
        assert "0 fail" in checked.splitlines()[-1], checked
        words = ("-p", TASK, "--dangerously-skip-permissions")
        printed = await work.run(lynkr, "wrap", "claude", "--", *words, **env)
    assert DONE in printed and work.notes.read_text() == "greeting fixed\n"
    history = orjson.loads(await work.run(lynkr, "history", "--json", **env))
    saved = history["total"]["money_saved"]
    assert saved is not None and saved > 0
    assert f"{history['total']['requests']} exchanges of claude; measured: " in printed
    line = await work.run(lynkr, "statusline", **env)
    assert "anthropic/claude-" in line and "saved today" in line
    assert all("dummy" not in str(one.headers) for one in upstream.sent)
    assert {one.headers.get("x-api-key") for one in upstream.sent} == {"sk-ant-scripted"}
