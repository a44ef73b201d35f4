"""The wheel holds all that the program needs: built, installed and run away from the checkout."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """
[providers.up]
kind = "demo"

[tiers]
SIMPLE = "up/demo-simple"
MEDIUM = "up/demo-medium"
COMPLEX = "up/demo-complex"
REASONING = "up/demo-reasoning"
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=cwd, env=alone, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed program; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, ROOT, cwd=folder)
    if built.returncode:
        pytest.skip(f"no wheel can be built here (is the package index within reach?): {built}")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    [wheel] = folder.glob("lynkr_tui-*.whl")
    [site] = (folder / "venv" / "lib").glob("python*/site-packages")
    pip = (sys.executable, "-m", "pip", "--python", python)
    installed = run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
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


@pytest.mark.timeout(400)
def test_the_wheel_explains_a_request_outside_the_checkout(program: Path, tmp_path: Path):
    (tmp_path / "config.toml").write_text(CONFIG)
    body = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "thanks!"}]}
    (tmp_path / "request.json").write_bytes(orjson.dumps(body))
    explain = (program, "explain", "--config", tmp_path / "config.toml", tmp_path / "request.json")
    told = run(*explain, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    said = orjson.loads(told.stdout)
    assert said["decision"]["tier"] == "SIMPLE"
    where = run(
        program.with_name("python"), "-c", "import app; print(app.__path__[0])", cwd=tmp_path
    )
    assert where.stdout.startswith(str(program.parents[1])), "the wheel's own code ran"
