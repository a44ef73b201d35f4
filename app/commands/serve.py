"""`lynkr-tui serve`: the proxy alone."""

from typing import Any

import click

from app.commands.options import Options, shared


@click.command("serve")
@shared
@click.option("--json", "as_json", is_flag=True, help="Print every event as JSON on stdout.")
def command(as_json: bool, **options: Any) -> None:
    """Run the proxy alone, without a screen.

    \b
    Example:
      lynkr-tui serve --config lynkr.toml --json
    """
    from app import main as root

    root.serve(Options(**options).to_run(), as_json)
