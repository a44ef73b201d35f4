"""Real Cline works a whole task through the proxy, in each dialect it speaks."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from tests.clients.hands import CLINE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.versions import CLINE

pytestmark = pytest.mark.client

MODEL = "claude-sonnet-5-5"  # it asks Anthropic for none that it does not know


# The provider it is set up with, by Cline's name, and the upstream it is tried on.
DIALECTS = (
    ("openai-compatible", "openai_compatible"),
    ("openai-compatible", "anthropic_compatible"),
    ("anthropic", "openai_compatible"),
)


async def cline(work: Work, url: str, provider: str) -> str:
    """`cline auth` would write the same file, but takes a base URL for one of the two only."""
    said = {"provider": provider, "apiKey": "dummy", "model": MODEL, "baseUrl": f"{url}/v1"}
    entry = {"settings": said, "updatedAt": "2026-01-01T00:00:00.000Z", "tokenSource": "manual"}
    providers = {"version": 1, "lastUsedProvider": provider, "providers": {provider: entry}}
    settings = work.home / ".cline" / "data" / "settings"
    settings.mkdir(parents=True)
    (settings / "providers.json").write_bytes(orjson.dumps(providers))
    try:
        return await work.run(program(CLINE), TASK)
    finally:
        end_hub(work)


def end_hub(work: Work) -> None:
    """Cline leaves a daemon behind, in a group of its own; this work's is known by its folder."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if b"--cline-hub-daemon" in words and str(work.folder).encode() in words:
                os.kill(int(entry.name), signal.SIGTERM)


@pytest.mark.parametrize(("provider", "kind"), DIALECTS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, provider: str, kind: str):
    await whole_loop(tmp_path, kind, "cline", HANDS, lambda work, url: cline(work, url, provider))
