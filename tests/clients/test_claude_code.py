"""Real Claude Code works a whole task through the proxy, on every upstream dialect."""

from pathlib import Path

import pytest

from tests.clients.hands import CLAUDE_CODE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.scripted import UPSTREAMS
from tests.clients.versions import CLAUDE_CODE, CLAUDE_CODE_NEW, Client

pytestmark = pytest.mark.client

QUIET = {
    "ANTHROPIC_AUTH_TOKEN": "dummy",
    "IS_SANDBOX": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1",
}


async def claude(work: Work, url: str, client: Client = CLAUDE_CODE, task: str = TASK) -> str:
    command = (program(client), "-p", task, "--dangerously-skip-permissions")
    return await work.run(*command, ANTHROPIC_BASE_URL=url, **QUIET)


@pytest.mark.parametrize("client", (CLAUDE_CODE, CLAUDE_CODE_NEW), ids=str)
@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, kind: str, client: Client):
    part = await whole_loop(
        tmp_path, kind, HANDS, lambda work, url: claude(work, url, client)
    )
    roles = [one.role for one in part.view.said(part.played[-1])]
    late = roles[roles.index("user") :]
    assert "system" in late, "a system message inside the conversation did not arrive"
