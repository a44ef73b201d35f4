"""Installs real coding agents from their registries into .clients/, once; says why it can't."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2] / ".clients"
INSTALL_SECONDS = 600


def npm(package: str, version: str, program: str) -> Path:
    """The path of `program` from an npm package; the test is skipped where npm can't get it."""
    if shutil.which("npm") is None:
        pytest.skip(f"npm is missing, so {package} can't be installed")
    folder = HOME / f"{package.strip('@').replace('/', '-')}-{version}"
    path = folder / "node_modules" / ".bin" / program
    HOME.mkdir(exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _install(folder, f"{package}@{version}")
    return path


def _install(folder: Path, wanted: str) -> None:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), wanted],
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
    )
    if done.returncode:
        pytest.skip(f"npm could not install {wanted}: {done.stderr.strip().splitlines()[-1:]}")
