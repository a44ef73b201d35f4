"""A client that can't be had is named, with the reason, and its tests are skipped."""

from pathlib import Path

import pytest

from tests.clients import install
from tests.clients.versions import Client


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(install, "HOME", tmp_path / ".clients")


def test_without_npm(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.skip.Exception, match="npm is missing, so some-agent-1.0 can't"):
        install.program(Client("some-agent", "1.0", "agent"))


def test_an_installer_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no such version >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(pytest.skip.Exception, match="some-agent-1.0 .* installed: no such version"):
        install.program(Client("some-agent", "1.0", "agent"))


def test_a_program_that_does_not_run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexit 0\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(pytest.skip.Exception, match="some-agent-1.0 does not run on this machine"):
        install.program(Client("some-agent", "1.0", "agent"))
