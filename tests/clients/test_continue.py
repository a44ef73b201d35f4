"""Real Continue works a whole task through the proxy, in its own dialect and across."""

from pathlib import Path

import pytest

from tests.clients.hands import CONTINUE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.scripted import UPSTREAMS
from tests.clients.versions import CONTINUE

pytestmark = pytest.mark.client

CONFIG = """
name: test
version: 0.0.1
schema: v1
models:
  - name: Model
    provider: openai
    model: some-model
    apiBase: {url}/v1
    apiKey: dummy
    roles: [chat]
    capabilities: [tool_use]
"""


async def cn(work: Work, url: str) -> str:
    config = work.home / "config.yaml"
    config.write_text(CONFIG.format(url=url))
    options = ("--config", str(config), "-p", "--auto", TASK)
    return await work.run(program(CONTINUE), *options, CONTINUE_TELEMETRY_ENABLED="0")


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, kind: str):
    await whole_loop(tmp_path, kind, HANDS, cn)
