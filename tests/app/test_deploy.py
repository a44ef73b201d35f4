"""The service files start what they say, with options that the program knows."""

import plistlib
import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import orjson
import pytest

from app.commands import cli

FOLDER = Path(__file__).parents[2] / "docs" / "deploy"


def _systemd() -> list[str]:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string((FOLDER / "lynkr-tui.service").read_text())
    return shlex.split(unit["Service"]["ExecStart"])


def _launchd() -> list[str]:
    told = plistlib.loads((FOLDER / "io.lynkr.tui.plist").read_bytes())["ProgramArguments"]
    return [str(word) for word in told]


def _docker() -> list[str]:
    found = re.search(r"^ENTRYPOINT (\[.*\])$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    assert found is not None
    return [str(word) for word in orjson.loads(found[1])]


@pytest.mark.parametrize("words", [_systemd(), _launchd(), _docker()], ids=str)
def test_it_starts_the_proxy_with_options_that_there_are(words: list[str]):
    program, command, *options = words
    assert program.endswith("lynkr-tui")
    with cli.make_context("lynkr-tui", [command, *options], resilient_parsing=False) as context:
        name, found, rest = cli.resolve_command(context, [command, *options])
        assert name == "serve" and found is not None
        assert found.make_context("serve", list(rest), parent=context).params["port"] == 8081
