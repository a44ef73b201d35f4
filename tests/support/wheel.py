"""Builds the wheel and installs it by pip, pipx and uv in a place of its own, away from the
checkout. Nothing is downloaded: this environment lends what the wheel depends on."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PINS = str(ROOT / "constraints.txt")
OURS = ("lynkr", "_editable_impl_lynkr", "_lynkr")  # how names of the checkout's install begin
LENT = "lynkr_lent-1"


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | more
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300)


def installed(folder: Path) -> Path:
    """The program as pip installs it. The test is skipped where no wheel can be built."""
    return by_pip(built(folder), folder)


def built(folder: Path) -> Path:
    """The wheel; the test is skipped where none can be built."""
    done = run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, ROOT, cwd=folder)
    if done.returncode:
        pytest.skip(f"no wheel can be built here (is the package index within reach?): {done}")
    [wheel] = folder.glob("lynkr_tui-*.whl")
    return wheel


def by_pip(wheel: Path, folder: Path) -> Path:
    """pip checks that what is lent is what the wheel asks for."""
    _do(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    install = (sys.executable, "-m", "pip", "--python", python, "install", "--no-index")
    _do(*install, _lent(folder), cwd=folder)
    _do(*install, wheel, cwd=folder)
    return python.with_name("lynkr-tui")


def by_pipx(wheel: Path, folder: Path) -> Path:
    words = ("--backend", "uv", "--python", sys.executable, "--preinstall", _lent(folder))
    place = {"PIPX_HOME": str(folder / "pipx"), "PIPX_BIN_DIR": str(folder / "bin")}
    pins = f"--pip-args=--constraint {PINS} --no-index"
    pipx = (sys.executable, "-m", "pipx", "install", *words, pins, wheel)
    _do(*pipx, cwd=folder, **_uv(folder), **place)
    return folder / "bin" / "lynkr-tui"


def by_uv(wheel: Path, folder: Path) -> Path:
    words = ("--no-index", "--python", sys.executable, "--constraints", PINS)
    place = {"UV_TOOL_DIR": str(folder / "uv"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    uv = (sys.executable, "-m", "uv", "tool", "install", *words, "--with", _lent(folder), wheel)
    _do(*uv, cwd=folder, **_uv(folder), **place)
    return folder / "bin" / "lynkr-tui"


def _do(*command: str | Path, cwd: Path, **more: str) -> None:
    done = run(*command, cwd=cwd, **more)
    assert done.returncode == 0, done.stdout + done.stderr


def _uv(folder: Path) -> dict[str, str]:
    """uv sees no package behind a .pth, so what is lent is taken off the list of what it wants."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [Requirement(line).name for line in project["dependencies"]]
    path = folder / "overrides.txt"
    path.write_text("".join(f"{name} ; python_version < '0'\n" for name in names))
    return {"UV_OVERRIDE": str(path), "UV_OFFLINE": "1", "UV_CACHE_DIR": str(folder / "uv-cache")}


def _lent(folder: Path) -> Path:
    """A wheel of one .pth, which leads to this environment's packages without the checkout."""
    links = folder / "lent"
    links.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(OURS):
            (links / path.name).symlink_to(path)
    wheel = folder / f"{LENT}-py3-none-any.whl"
    about = f"{LENT}.dist-info"
    name, version = LENT.split("-")
    files = {
        "lent.pth": f"{links}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{about}/RECORD"] = "".join(f"{one},,\n" for one in (*files, f"{about}/RECORD"))
    with zipfile.ZipFile(wheel, "w") as out:
        for one, text in files.items():
            out.writestr(one, text)
    return wheel
