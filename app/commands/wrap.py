"""`lynkr-tui wrap`: starts a client through the proxy."""

from typing import Any

import click

from app.commands.options import Options, shared

NAMES = ("claude", "codex", "cline", "continue", "cursor", "opencode", "aider", "qwen")


@click.command("wrap")
@click.argument("client", type=click.Choice(NAMES))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--print", "printing", is_flag=True, help="Only print the lines to do it by hand.")
@click.option("--statusline", "status", is_flag=True, help="Show tier and saving in Claude Code.")
@shared
@click.pass_context
def command(
    context: click.Context,
    /,
    client: str,
    arguments: tuple[str, ...],
    printing: bool,
    status: bool,
    **given: Any,
) -> None:
    """Start a client with its requests led through the proxy.

    It joins the proxy that listens on --host and --port, or starts one for as long as the client
    runs. Nothing of yours is edited: the client gets an environment, or a config, of its own. Its
    exit code is passed on, and what it saved is said at the end.

    \b
    Example:
      lynkr-tui wrap claude --statusline
      lynkr-tui wrap codex -- exec "fix the failing test"
      lynkr-tui wrap --print aider
    """
    from app.wrap.main import printed, wrapped

    options = Options(**given)
    if printing:
        click.echo(printed(client, options, status))
        return
    said = context.get_parameter_source("port")
    chosen = said is not None and said is not click.core.ParameterSource.DEFAULT
    context.exit(wrapped(client, arguments, options, status, chosen))
