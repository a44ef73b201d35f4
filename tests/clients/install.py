"""Installs real coding agents from their registries into .clients/, once; says why it can't."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.versions import Client

HOME = Path(__file__).parents[2] / ".clients"
INSTALL_SECONDS = 600
RUN_SECONDS = 60


def program(client: Client) -> Path:
    """The path of the client's program; the test is skipped where it can't be had or can't run."""
    folder = HOME / f"{client.package.strip('@').replace('/', '-')}-{client.version}"
    path = folder / ("bin" if client.python else "node_modules/.bin") / client.program
    ready = folder / ".installed"
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            _install(client, folder)
            _try_out(client, path)
            ready.touch()
    return path


def _install(client: Client, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for command in (_venv if client.python else _npm)(client, folder):
        done = _run(command, INSTALL_SECONDS)
        if done.returncode:
            pytest.skip(f"{client} could not be installed: {_last_line(done)}")


def _npm(client: Client, folder: Path) -> list[list[str]]:
    if shutil.which("npm") is None:
        pytest.skip(f"npm is missing, so {client} can't be installed")
    wanted = f"{client.package}@{client.version}"
    return [["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), wanted]]


def _venv(client: Client, folder: Path) -> list[list[str]]:
    """A venv of its own: what the client pins must not meet what the project needs."""
    wanted = f"{client.package}=={client.version}"
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", wanted]
    return [[sys.executable, "-m", "venv", str(folder)], pip]


def _try_out(client: Client, path: Path) -> None:
    try:
        done = _run([str(path), "--version"], RUN_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"{client} does not run on this machine: {error}")
    if done.returncode:
        pytest.skip(f"{client} does not run on this machine: {_last_line(done)}")


def _run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds
    )


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    return next(reversed((done.stderr or done.stdout).strip().splitlines()), "it did not say why")
