"""`lynkr-tui locate`: where the files are."""

from pathlib import Path

import click

from app.commands.options import Options, config_option, data_option

PLACES = ("config", "data", "log")


@click.command("locate")
@click.argument("place", type=click.Choice(PLACES), required=False)
@config_option
@data_option
def command(place: str | None, config: Path | None, data: Path | None) -> None:
    """Say where the config, the data and the log are.

    Or would be, for they need not be there yet. Without a PLACE: all three, one a
    line after its name.

    \b
    Example:
      $EDITOR "$(lynkr-tui locate config)"
      tail -f "$(lynkr-tui locate log)"
    """
    from proxy.paths import LOG

    options = Options(config=config, data=data)
    folder = options.data_path
    paths = dict(zip(PLACES, (options.config_path, folder, folder / LOG), strict=True))
    for line in [paths[place]] if place else [f"{name:<8}{paths[name]}" for name in PLACES]:
        click.echo(line)
