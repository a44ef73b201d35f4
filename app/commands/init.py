"""`lynkr-tui init`: a config from what this machine has."""

from pathlib import Path

import click

from app.commands.options import Options, config_option


@click.command("init")
@click.option("--yes", is_flag=True, help="Take what is proposed; ask nothing.")
@click.option("--force", is_flag=True, help="Write over a config that is there.")
@click.option("--dry-run", is_flag=True, help="Print the config; write nothing.")
@click.option(
    "--tier",
    "chosen",
    multiple=True,
    metavar="TIER=PROVIDER/MODEL",
    help="A model of your own choice; may be given once a tier.",
)
@click.option(
    "--compression",
    type=click.Choice(["off", "lossless"]),
    default="lossless",
    show_default=True,
    help="What may be done to tool results.",
)
@config_option
def command(
    yes: bool,
    force: bool,
    dry_run: bool,
    chosen: tuple[str, ...],
    compression: str,
    config: Path | None,
) -> None:
    """Write a config from the providers at hand.

    They are found by the names of keys in the environment, and as servers on this machine.
    No key is ever written: the config names the variable that holds it.

    \b
    Example:
      lynkr-tui init
      lynkr-tui init --yes --tier SIMPLE=ollama/qwen2.5-coder:7b
      lynkr-tui init --dry-run
    """
    from app.setup.main import initialise

    path = Options(config=config).config_path
    initialise(path, yes=yes, force=force, dry_run=dry_run, chosen=chosen, level=compression)
