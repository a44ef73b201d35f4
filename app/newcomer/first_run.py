"""`lynkr-tui` without a config: what is there, and the two ways on."""

import asyncio
import os
import sys

import click

from app.commands.options import Options
from app.newcomer import init
from app.newcomer.found import look
from app.process.failure import Failure


def greet(options: Options) -> bool:
    """Say what was found and ask; true where there is a config now. Failure without a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Failure(
            f"there is no config at {options.config_path} yet; `lynkr-tui init` writes one, "
            "`lynkr-tui demo` shows it at work without any"
        )
    found = asyncio.run(look(os.environ))
    _say(f"There is no config at {options.config_path} yet. Found:")
    _say(*(init.told(found) or ["  no key, no server and no sign-in"]))
    ways = click.Choice(["init", "demo", "quit"])
    default = "init" if found.usable else "demo"
    way = click.prompt(
        "init writes a config, demo needs none", type=ways, default=default, err=True
    )
    return {"init": _init, "demo": _demo, "quit": _quit}[way](options)


def _init(options: Options) -> bool:
    from app.commands.init import make

    return make(options)


def _demo(options: Options) -> bool:
    from app.commands.demo import show

    show(options)
    return False


def _quit(options: Options) -> bool:
    return False


def _say(*lines: str) -> None:
    for line in lines:
        click.echo(line, err=True)
