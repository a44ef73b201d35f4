"""Real opencode works a whole task through the proxy, in each dialect it speaks."""

from pathlib import Path

import orjson
import pytest

from tests.clients.hands import OPENCODE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.versions import OPENCODE

pytestmark = pytest.mark.client

QUIET = {
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
    "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
    "OPENCODE_DISABLE_DEFAULT_PLUGINS": "1",
}


# The package that opencode speaks a dialect with, and the upstreams it is tried on.
DIALECTS = (
    ("@ai-sdk/openai-compatible", "openai_compatible"),
    ("@ai-sdk/openai-compatible", "anthropic_compatible"),
    ("@ai-sdk/anthropic", "openai_compatible"),
    ("@ai-sdk/openai", "anthropic_compatible"),
)


async def opencode(work: Work, url: str, package: str = "@ai-sdk/openai-compatible") -> str:
    provider = {
        "npm": package,
        "options": {"baseURL": f"{url}/v1", "apiKey": "dummy"},
        "models": {"some-model": {}},
    }
    config = {"autoupdate": False, "share": "disabled", "provider": {"local": provider}}
    options = ("run", "--auto", "-m", "local/some-model", TASK)
    said = {"OPENCODE_CONFIG_CONTENT": orjson.dumps(config).decode()}
    return await work.run(program(OPENCODE), *options, **said, **QUIET)


@pytest.mark.parametrize(("package", "kind"), DIALECTS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, package: str, kind: str):
    await whole_loop(
        tmp_path, kind, "opencode", HANDS, lambda work, url: opencode(work, url, package)
    )
