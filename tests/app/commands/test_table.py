"""The table of commands: every one says what it does, with an example, and starts lightly."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.commands import COMMANDS, cli
from tests.app.commands.running import run

HEAVY = ("textual", "rich", "plotext", "torch", "sentence_transformers", "aiohttp", "uvloop")


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*words, name)
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*words, name))


ALL = [(), *commands(cli)]


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_is_complete_and_has_an_example(words: tuple[str, ...]):
    said = CliRunner().invoke(cli, [*words, "--help"], prog_name="lynkr-tui")
    assert said.exit_code == 0
    assert "Example:" in said.output
    assert f"lynkr-tui {' '.join(words)}".strip() in said.output.partition("Example:")[2]
    assert CliRunner().invoke(cli, [*words, "-h"], prog_name="lynkr-tui").output == said.output


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_option_says_what_it_is_for(words: tuple[str, ...]):
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.opts for one in options if not (one.help or one.hidden)] == []


def test_the_list_of_commands_cuts_no_sentence_short():
    assert "..." not in CliRunner().invoke(cli, ["--help"]).output.partition("Commands:")[2]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["statusline"], ["locate"]])
def test_nothing_heavy_is_imported_for_what_needs_none(arguments: list[str]):
    code = (
        f"import sys; sys.argv = ['lynkr-tui', *{arguments!r}]\n"
        "from app.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, input=""
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_the_version_is_the_packages():
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("lynkr-tui, version 0.")


def test_an_unknown_command_is_bad_usage_that_names_it():
    done = run("frobnicate")
    assert done.returncode == 2
    assert "frobnicate" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_each_shell(shell: str):
    done = run("completion", shell)
    assert done.returncode == 0
    assert "lynkr-tui" in done.stdout and f"_LYNKR_TUI_COMPLETE={shell}_complete" in done.stdout


def test_completion_completes_commands_in_bash():
    done = run("completion", "bash")
    asked = f"{done.stdout}\nCOMP_WORDS=(lynkr-tui his); COMP_CWORD=1\n"
    asked += '_lynkr_tui_completion "$0"; echo "${COMPREPLY[@]}"'
    program = os.fspath(run.program)
    words = ["bash", "-c", asked, program]
    assert subprocess.run(words, capture_output=True, text=True).stdout.strip() == "history"


def test_completion_for_another_shell_is_bad_usage():
    done = run("completion", "tcsh")
    assert done.returncode == 2
    assert "tcsh" in done.stderr


def test_the_page_on_commands_has_a_section_for_each():
    page = (Path(__file__).parents[3] / "docs" / "commands.md").read_text()
    sections = [line[3:] for line in page.splitlines() if line.startswith("## ")]
    assert sections == ["lynkr-tui", *COMMANDS]
