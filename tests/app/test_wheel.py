"""The wheel holds all that the program needs: built, installed by pip, pipx and uv, and run away
from the checkout."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.support.wheel import built, by_pip, by_pipx, by_uv, run

CONFIG = """
[providers.up]
kind = "demo"

[tiers]
SIMPLE = "up/demo-simple"
MEDIUM = "up/demo-medium"
COMPLEX = "up/demo-complex"
REASONING = "up/demo-reasoning"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.mark.timeout(400)
@pytest.mark.parametrize("install", [by_pip, by_pipx, by_uv])
def test_the_wheel_explains_a_request_outside_the_checkout(
    install: Callable[[Path, Path], Path], wheel: Path, tmp_path: Path
):
    program = install(wheel, tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG)
    body = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "thanks!"}]}
    (tmp_path / "request.json").write_bytes(orjson.dumps(body))
    explain = (program, "explain", "--config", tmp_path / "config.toml", tmp_path / "request.json")
    told = run(*explain, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    said = orjson.loads(told.stdout)
    assert said["decision"]["tier"] == "SIMPLE"
    python = program.resolve().with_name("python")
    where = run(python, "-c", "import app; print(app.__path__[0])", cwd=tmp_path)
    assert where.stdout.startswith(str(python.parents[1])), "the wheel's own code ran"
