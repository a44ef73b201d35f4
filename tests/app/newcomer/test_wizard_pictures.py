"""The wizard's four steps as pictures, at three sizes, for a key and a server that are made up."""

from pathlib import Path

import pytest

from app.commands.options import Options
from app.newcomer.found import Account, Found
from app.newcomer.wizard.app import Wizard
from app.newcomer.wizard.step import NAMES
from proxy.providers.probe import Probe
from tests.app.newcomer.walking import step_of, to_step
from tests.app.screen import SIZES, seen_by
from tests.support.snapshots import Snapshots

CLOUD = ("claude-haiku-5-5", "claude-opus-5-5", "claude-sonnet-5-5")
LOCAL = ("qwen2.5-coder:32b", "qwen2.5-coder:7b")
SHOWN = ("lists 3 models", "SIMPLE", "lossless", "[providers.anthropic]")  # by step


async def found() -> Found:
    key, runs = "ANTHROPIC_API_KEY", "it runs at http://127.0.0.1:11434"
    cloud = Account("anthropic", f"{key} is set", key, probe=Probe(True, 200, CLOUD))
    return Found((cloud, Account("ollama", runs, probe=Probe(True, 200, LOCAL))))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_each_step_shows_what_it_proposes(
    size: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snapshots: Snapshots,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    wizard = Wizard(Options(), look=found)
    wizard.theme = "lynkr-dark"
    async with wizard.run_test(size=size) as pilot:
        for name, words in zip(NAMES, SHOWN, strict=True):
            await to_step(wizard, pilot, name)
            await seen_by(pilot, words)
            assert step_of(wizard) == name
            snapshots.hold(wizard, f"init-{name.lower().split()[0]}")
