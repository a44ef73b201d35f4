"""`lynkr-tui locate`: the places that the program really uses."""

from pathlib import Path
from typing import Any

from tests.app.commands.running import run


def test_each_place_alone_is_one_path(tmp_path: Path):
    xdg: dict[str, Any] = {
        "XDG_CONFIG_HOME": str(tmp_path / "c"),
        "XDG_DATA_HOME": str(tmp_path / "d"),
    }
    said = {name: run("locate", name, **xdg).stdout for name in ("config", "data", "log")}
    assert said == {
        "config": f"{tmp_path}/c/lynkr-tui/config.toml\n",
        "data": f"{tmp_path}/d/lynkr-tui\n",
        "log": f"{tmp_path}/d/lynkr-tui/lynkr-tui.log\n",
    }
    assert not list(tmp_path.iterdir()), "looking made something"


def test_bare_it_names_all_three_and_what_options_say(tmp_path: Path):
    done = run("locate", "--config", tmp_path / "my.toml", "--data", tmp_path / "my data")
    assert [line.split(maxsplit=1) for line in done.stdout.splitlines()] == [
        ["config", f"{tmp_path}/my.toml"],
        ["data", f"{tmp_path}/my data"],
        ["log", f"{tmp_path}/my data/lynkr-tui.log"],
    ]


def test_another_place_is_bad_usage():
    done = run("locate", "cache")
    assert done.returncode == 2
    assert "cache" in done.stderr
