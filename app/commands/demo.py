"""`lynkr-tui demo`: proxy and dashboard on the built-in provider."""

from typing import Any

import click

from app.commands.options import Options, shared


@click.command("demo")
@shared
def command(**given: Any) -> None:
    """Show proxy and dashboard at work on a built-in provider.

    A scripted working day is played through them. No key, no network, no
    cost. Its data stay in a folder of their own.

    \b
    Example:
      lynkr-tui demo --port 9000
    """
    show(Options(**given))


def show(options: Options) -> None:
    """The demo, its config and data where `options` say, else in a folder of its own."""
    from app import main as root
    from app.demo.play import play, write_config

    data = options.data or options.data_path / "demo"
    config = options.config or write_config(data)
    root.dashboard(
        root.Options(config=config, data=data, host=options.host, port=options.port), play
    )
