"""Real Continue works a whole task through the proxy, in each dialect it speaks."""

from pathlib import Path

import pytest

from tests.clients.hands import CONTINUE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.versions import CONTINUE

pytestmark = pytest.mark.client

CONFIG = """
name: test
version: 0.0.1
schema: v1
models:
  - name: Model
    provider: {provider}
    model: some-model
    apiBase: {url}/v1
    apiKey: dummy
    roles: [chat]
    capabilities: [tool_use]
"""


# The dialect that it speaks, by Continue's name, and the upstream it is tried on.
DIALECTS = (
    ("openai", "openai_compatible"),
    ("openai", "anthropic_compatible"),
    ("anthropic", "anthropic_compatible"),
    ("anthropic", "openai_responses_compatible"),
)


async def cn(work: Work, url: str, provider: str = "openai") -> str:
    config = work.home / "config.yaml"
    config.write_text(CONFIG.format(url=url, provider=provider))
    options = ("--config", str(config), "-p", "--auto", TASK)
    return await work.run(program(CONTINUE), *options, CONTINUE_TELEMETRY_ENABLED="0")


@pytest.mark.parametrize(("provider", "kind"), DIALECTS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, provider: str, kind: str):
    await whole_loop(tmp_path, kind, "continue", HANDS, lambda work, url: cn(work, url, provider))
