"""`lynkr-tui statusline` in the table of commands; app.statusline does the work."""

from typing import Any

import click

from app.commands.options import Options, shared


@click.command("statusline")
@shared
def command(**given: Any) -> None:
    """Print one line for a client's status bar.

    The tier and model of the last exchange (of one session, where its client tells it as JSON on
    stdin, as Claude Code does), what today saved, and the share of requests that a cache answered.
    The exit code is 0 also when the proxy is down. With one of its options first on the command
    line it answers within 100 ms.

    \b
    Example:
      lynkr-tui statusline
      claude --settings '{"statusLine": {"type": "command", "command": "lynkr-tui statusline"}}'
    """
    from app.statusline import line

    options = Options(**given)
    click.echo(line(str(options.data or ""), options.host, str(options.port)))
