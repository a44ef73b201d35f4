"""Builds the wheel and installs it in a place of its own, away from the checkout."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=cwd, env=alone, capture_output=True, text=True, timeout=300)


def installed(folder: Path) -> Path:
    """The installed program; its dependencies are those of this environment. The test is skipped
    where no wheel can be built."""
    built = run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, ROOT, cwd=folder)
    if built.returncode:
        pytest.skip(f"no wheel can be built here (is the package index within reach?): {built}")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    [wheel] = folder.glob("lynkr_tui-*.whl")
    [site] = (folder / "venv" / "lib").glob("python*/site-packages")
    pip = (sys.executable, "-m", "pip", "--python", python)
    done = run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    # Only what the wheel depends on: the checkout itself is no folder of this environment.
    (site / "dependencies.pth").write_text(_without_checkout(folder))
    return folder / "venv" / "bin" / "lynkr-tui"


def _without_checkout(folder: Path) -> str:
    """A folder of links to the dependencies; the editable install of the checkout is left out."""
    links = folder / "dependencies"
    links.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(("lynkr", "_editable_impl_lynkr", "_lynkr")):
            (links / path.name).symlink_to(path)
    return f"{links}\n"
