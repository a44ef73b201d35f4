"""`lynkr-tui cache`: the cached answers, as they stand in memory and in their files."""

from typing import Any

import click

from app.commands.options import Options, data_option, host_option, port_option


@click.group("cache")
def command() -> None:
    """Look after the cached answers.

    \b
    Example:
      lynkr-tui cache clear
    """


@command.command("clear")
@data_option
@host_option
@port_option
def clear(**given: Any) -> None:
    """Forget every cached answer, and the questions that it answered.

    A proxy that answers on --host and --port forgets its own, in memory and in its files. Where
    none does, the files in the data folder are emptied.

    \b
    Example:
      lynkr-tui cache clear
      lynkr-tui cache clear --port 8082
    """
    from app.forgotten import forget

    click.echo(forget(Options(**given)))
