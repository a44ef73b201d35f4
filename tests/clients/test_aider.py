"""Real aider, which offers no tools, edits a file through the proxy: own dialect and across."""

from pathlib import Path

import pytest

from tests.clients.install import program
from tests.clients.running import TASK, Work, ledger
from tests.clients.scripted import Scripted
from tests.clients.versions import AIDER
from tests.support.program import serve
from tests.support.proxy import config_for

pytestmark = pytest.mark.client

WHOLE_FILE = 'I correct the greeting.\n\nhello.py\n```\nprint("Hello")\n```\n'

QUIET = (
    *("--yes-always", "--no-check-update", "--analytics-disable", "--no-git"),
    *("--no-show-model-warnings", "--no-show-release-notes", "--edit-format", "whole"),
)


async def aider(work: Work, url: str) -> str:
    said = {
        "OPENAI_API_BASE": f"{url}/v1",
        "OPENAI_API_KEY": "dummy",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    options = ("--model", "openai/some-model", *QUIET, "-m", TASK, "hello.py")
    return await work.run(program(AIDER), *options, **said)


@pytest.mark.parametrize("kind", ("openai_compatible", "anthropic_compatible"))
async def test_it_edits_a_file(tmp_path: Path, kind: str):
    work, part = Work(tmp_path), Scripted(kind, {}, side=WHOLE_FILE)
    async with (
        part.upstream() as upstream,
        serve(tmp_path, config_for(upstream.url, kind)) as running,
    ):
        printed = await aider(work, running.url)
    assert "Applied edit to hello.py" in printed, printed
    assert work.source.read_text() == 'print("Hello")\n'
    assert {row["state"] for row in ledger(running)} == {"done"}
    said = part.view.said(upstream.sent[0].body)
    assert said[0].role == "system" and "Act as an expert" in said[0].text
    assert any('print("Helo")' in one.text for one in said if one.role == "user")
    assert said[-1].role == "user" and TASK in said[-1].text or TASK in said[-2].text
