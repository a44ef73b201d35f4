"""A home and a local server for the tests of the wizard."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import keyring
import pytest

from app.newcomer import found as finding
from tests.app.newcomer.test_init import LOCAL, lists
from tests.support.ring import FileRing
from tests.support.upstream import Upstream


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home without keys and sign-ins, and a keyring in a file of its own."""
    for name in [name for name in os.environ if name.endswith(("_KEY", "_TOKEN", "_HOST"))]:
        monkeypatch.delenv(name)
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RING", str(tmp_path / "ring"))
    before = keyring.get_keyring()
    keyring.set_keyring(FileRing())
    yield tmp_path
    keyring.set_keyring(before)


@pytest.fixture
async def local(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Upstream]:
    """A server on this machine, where the wizard will look."""
    async with lists(*LOCAL) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url.removeprefix("http://"))
        monkeypatch.setattr(finding, "LOCAL_SECONDS", 10.0)  # tests beside it may keep it busy
        yield server
