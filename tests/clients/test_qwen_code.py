"""Real Qwen Code works a whole task through the proxy, in its own dialect and across."""

from pathlib import Path

import orjson
import pytest

from tests.clients.hands import QWEN_CODE as HANDS
from tests.clients.install import program
from tests.clients.loop import whole_loop
from tests.clients.running import TASK, Work
from tests.clients.scripted import UPSTREAMS
from tests.clients.versions import QWEN_CODE

pytestmark = pytest.mark.client

QUIET = {
    "general": {"enableAutoUpdate": False},
    "privacy": {"usageStatisticsEnabled": False},
    "telemetry": {"enabled": False},
    "memory": {"enableManagedAutoMemory": False, "enableManagedAutoDream": False},
}


async def qwen(work: Work, url: str) -> str:
    settings = work.home / ".qwen" / "settings.json"
    settings.parent.mkdir()
    settings.write_bytes(orjson.dumps(QUIET))
    said = {
        "OPENAI_API_KEY": "dummy",
        "OPENAI_BASE_URL": f"{url}/v1",
        "OPENAI_MODEL": "some-model",
    }
    return await work.run(program(QWEN_CODE), "--auth-type", "openai", "-y", "-p", TASK, **said)


@pytest.mark.parametrize("kind", UPSTREAMS)
async def test_it_reads_edits_runs_and_writes(tmp_path: Path, kind: str):
    await whole_loop(tmp_path, kind, HANDS, qwen)
