"""Peers are measured when they are installed; a small program of that name plays one here."""

import os
import shutil
import sys
from pathlib import Path

import orjson
import pytest

from tests.benchmarks.__main__ import bench
from tests.benchmarks.peers import peers
from tests.benchmarks.test_bench_runs import TINY

ROOT = Path(__file__).parents[2]
PLAYED = f"""#!{sys.executable}
import os, subprocess, sys
if "--version" in sys.argv:
    sys.exit(print("LiteLLM: Current Version = 1.2.3"))
sys.path.insert(0, {str(ROOT)!r})
import asyncio, aiohttp, orjson
from aiohttp import web
from tests.benchmarks.bare import Bare

async def serve(config, port):
    child = subprocess.Popen(["sleep", "600"])
    told = {{"pid": os.getpid(), "child": child.pid, "env": dict(os.environ)}}
    open("told.json", "wb").write(orjson.dumps(told))
    upstream = config["model_list"][0]["litellm_params"]["api_base"]
    app = web.Application(client_max_size=2**25)
    async with aiohttp.ClientSession() as session:
        app.router.add_post("/v1/messages", Bare(upstream, session).handle)
        await web._run_app(app, host="127.0.0.1", port=port, print=None)

where = sys.argv.index
config = orjson.loads(open(sys.argv[where("--config") + 1], "rb").read())
asyncio.run(serve(config, int(sys.argv[where("--port") + 1])))
"""


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, but for where `sleep` is."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "sleep").symlink_to(str(shutil.which("sleep")))
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("ANTHROPIC_API_KEY", "canary")
    return folder


def _install(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


async def test_a_peer_on_the_path_is_measured_by_its_version_and_ended_with_its_children(
    tmp_path: Path, on_path: Path
):
    _install(on_path, "litellm", PLAYED)
    async with bench(tmp_path, TINY) as up:
        rows = await peers(up)
    assert [row.work for row in rows] == [
        "LiteLLM 1.2.3: short request, one at a time, p50",
        "LiteLLM 1.2.3: 50 KB coding-agent request, streamed, p50",
        "LiteLLM 1.2.3: short requests, 16 at a time",
        "LiteLLM 1.2.3: 50 KB streamed, 16 at a time",
        "LiteLLM 1.2.3: memory",
    ]
    assert all(row.bare and row.ratio for row in rows[:4])
    told = orjson.loads((tmp_path / "litellm" / "told.json").read_bytes())
    assert told["env"]["HOME"] == str(tmp_path / "litellm")
    assert "canary" not in told["env"].values()
    assert not _runs(told["pid"]) and not _runs(told["child"])


async def test_a_peer_that_is_not_installed_costs_one_line_that_says_how(
    tmp_path: Path, on_path: Path, capsys: pytest.CaptureFixture[str]
):
    async with bench(tmp_path, TINY) as up:
        assert await peers(up) == []
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "npm install -g @musistudio/claude-code-router" in lines[0]
    assert "pip install 'litellm[proxy]'" in lines[1]


async def test_a_peer_that_ends_at_once_costs_no_other_row(
    tmp_path: Path, on_path: Path, capsys: pytest.CaptureFixture[str]
):
    _install(on_path, "ccr", f"#!{sys.executable}\nprint('no such setting')\n")
    async with bench(tmp_path, TINY) as up:
        assert await peers(up) == []
    told = capsys.readouterr().err.splitlines()[0]
    assert "Claude Code Router" in told and "no such setting" in told


def _runs(pid: int) -> bool:
    """Whether it lives; a child that nobody waited for yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
