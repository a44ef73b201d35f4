"""What the README tells one to type runs; examples in the help and the docs are good usage."""

import asyncio
import re
import shlex
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import orjson
import pytest

from app.commands import cli
from tests.app.commands.running import run
from tests.app.newcomer.test_init import LOCAL, lists

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()
PAGES = ("README.md", *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md")))
CONFIG = """\
[providers.demo]
kind = "demo"

[tiers]
SIMPLE = "demo/demo-simple"
MEDIUM = "demo/demo-medium"
COMPLEX = "demo/demo-complex"
REASONING = "demo/demo-reasoning"
"""
REQUEST = {
    "model": "m",
    "max_tokens": 9,
    "messages": [{"role": "user", "content": "thanks!"}],
    "tools": [{"name": name, "input_schema": {"type": "object"}} for name in ("Read", "Grep", "X")],
}
ROWS = {
    "explain": REQUEST,
    "eval routing": {"prompt": "thanks!", "expected": "SIMPLE", "acceptable": ["SIMPLE"]},
    "eval compression": {"kind": "rows", "value": [{"id": n, "on": True} for n in range(20)]},
    "eval tools": {
        "messages": [{"role": "user", "content": "Read the file a.py"}],
        "tools": [{"name": name, "description": name} for name in ("Read", "Edit", "Mail")],
        "needed": ["Read"],
    },
    "eval cache": {"a": "What is a monad?", "b": "What's a monad?", "label": 1},
}
# These never end, or start a client: their help must do.
HELPED = ("", "serve", "attach", "demo", "wrap")
# What a command needs so that it asks nothing and meets no one else's port.
WITH = {"init": ("--yes", "--force"), "doctor": ("--port", "0")}


def in_shell_blocks(page: str) -> Iterator[str]:
    """Lines to type, without prompts and comments."""
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", page, re.S | re.M):
        yield from (line.strip() for line in block.splitlines() if line.strip())


def in_the_text(page: str) -> Iterator[str]:
    """What stands between backticks, in tables too, and begins with the program's name."""
    for words in re.findall(r"`((?:\.venv/bin/)?lynkr-tui[^`]*)`", page):
        yield re.sub(r"^\.venv/bin/", "", words.replace("\\|", "|").replace("\n", " "))


def ours(line: str) -> list[str]:
    """The words after the program's name, up to a pipe or a comment."""
    inner = re.search(r"\$\((lynkr-tui [^)]*)\)", line)
    words = shlex.split(inner[1] if inner else line, comments=True)
    if "lynkr-tui" not in words:
        return []
    words = words[words.index("lynkr-tui") + 1 :]
    ends = [words.index(mark) for mark in ("|", ">", "&&", "&") if mark in words]
    return words[: min(ends, default=len(words))]


def variants(words: str) -> Iterator[tuple[str, ...]]:
    """`eval a|b FILE` as `eval a FILE` and `eval b FILE`; what is optional is left out."""
    required = re.sub(r"\[[^\]]*\]", "", words).split()[1:]
    yield from product(*(word.split("|") for word in required))


SAID = {each for words in in_the_text(README) for each in variants(words)}
# A name alone, where the table says what belongs to it, is no command to type.
COMMANDS = sorted(each for each in SAID if (*each, "FILE") not in SAID)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
async def test_every_command_in_the_readme_runs(words: tuple[str, ...], tmp_path: Path):
    folder = tmp_path / ".config" / "lynkr-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    if (words or ("",))[0] in HELPED:
        given: tuple[object, ...] = (*words[:1], "--help")
    else:
        file = tmp_path / "file.json"
        file.write_bytes(orjson.dumps(ROWS.get(" ".join(words[:-1]))))
        given = tuple(file if word == "FILE" else word for word in words)
        given += WITH.get(words[0], ())
    async with lists(*LOCAL) as local:
        host = local.url.removeprefix("http://")
        done = await asyncio.to_thread(lambda: run(*given, home=tmp_path, OLLAMA_HOST=host))
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr


def test_the_commands_table_has_every_command():
    table = {words[0] for words in COMMANDS if words}
    assert table == set(cli.list_commands(context()))


@pytest.mark.parametrize(
    "line", [line for line in in_shell_blocks(README) if line.startswith("make ")]
)
def test_every_target_in_the_readme_is_there(line: str):
    target = shlex.split(line, comments=True)
    done = subprocess.run([*target, "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout, done.stderr


def test_the_readmes_shell_blocks_have_nothing_that_is_not_run_here():
    others = [line for line in in_shell_blocks(README) if not line.startswith("make ")]
    assert [line for line in others if tuple(ours(line)) not in COMMANDS] == []


def context() -> click.Context:
    """The program's own, which every command inherits from."""
    return click.Context(cli, **cli.context_settings)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and command of a group, by the words that call it."""
    yield "", cli
    for name in cli.list_commands(context()):
        found = cli.get_command(context(), name)
        assert found is not None
        yield name, found
        if isinstance(found, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in found.commands.items())


TABLE = dict(commands())


@pytest.mark.parametrize("name", TABLE)
def test_each_example_in_the_help_is_good_usage(name: str):
    told = TABLE[name].get_help(click.Context(TABLE[name], parent=context(), info_name=name))
    _, _, after = told.partition("Example:")
    lines = after.partition("Options:")[0].partition("Commands:")[0].splitlines()
    examples = [words for line in lines if (words := ours(line.strip()))]
    assert examples
    for words in examples:
        parsed(words)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_tells_one_to_type_is_good_usage(page: str):
    for line in in_shell_blocks((ROOT / page).read_text()):
        if words := ours(line):
            parsed(words)


def parsed(words: list[str]) -> None:
    """Read a command line without doing it. UsageError where the program would refuse it."""
    name, rest = "", list(words)
    while rest and f"{name} {rest[0]}".strip() in TABLE:
        name = f"{name} {rest.pop(0)}".strip()
    files = [word for word in rest if word.endswith((".json", ".jsonl"))]
    rest = ["-" if word in files and name == "explain" else word for word in rest]
    TABLE[name].make_context(name or "lynkr-tui", rest, parent=context() if name else None)
