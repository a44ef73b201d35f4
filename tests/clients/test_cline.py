"""Real Cline works a whole task through the proxy, in its own dialect and across."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clients.hands import CLINE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.scripted import UPSTREAMS
from tests.clients.versions import CLINE

pytestmark = pytest.mark.client


async def cline(work: Work, url: str) -> str:
    path = program(CLINE)
    provider = ("-p", "openai", "-k", "dummy", "-m", "some-model", "-b", f"{url}/v1")
    try:
        await work.run(path, "auth", *provider)
        return await work.run(path, TASK)
    finally:
        _end_hub(work)


def _end_hub(work: Work) -> None:
    """Cline leaves a daemon behind, in a group of its own; this work's is known by its folder."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if b"--cline-hub-daemon" in words and str(work.folder).encode() in words:
                os.kill(int(entry.name), signal.SIGTERM)


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, kind: str):
    await whole_loop(tmp_path, kind, HANDS, cline)
