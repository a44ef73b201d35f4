"""Real Qwen Code works a whole task through the proxy, in each dialect it speaks."""

from pathlib import Path

import orjson
import pytest

from tests.clients.hands import QWEN_CODE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.versions import QWEN_CODE

pytestmark = pytest.mark.client

QUIET = {
    "general": {"enableAutoUpdate": False},
    "privacy": {"usageStatisticsEnabled": False},
    "telemetry": {"enabled": False},
    "memory": {"enableManagedAutoMemory": False, "enableManagedAutoDream": False},
}


# The dialect that it speaks, by the prefix of its settings, and the upstream it is tried on.
DIALECTS = (
    ("openai", "/v1", "openai_compatible"),
    ("openai", "/v1", "anthropic_compatible"),
    ("anthropic", "", "openai_compatible"),
)


async def qwen(work: Work, url: str, dialect: str = "openai") -> str:
    settings = work.home / ".qwen" / "settings.json"
    settings.parent.mkdir()
    settings.write_bytes(orjson.dumps(QUIET))
    said = {"API_KEY": "dummy", "BASE_URL": url, "MODEL": "some-model"}
    env = {f"{dialect.upper()}_{name}": value for name, value in said.items()}
    return await work.run(program(QWEN_CODE), "--auth-type", dialect, "-y", "-p", TASK, **env)


@pytest.mark.parametrize(("dialect", "ending", "kind"), DIALECTS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, dialect: str, ending: str, kind: str):
    await whole_loop(
        tmp_path, kind, "qwen", HANDS, lambda work, url: qwen(work, url + ending, dialect)
    )
