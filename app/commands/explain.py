"""`lynkr-tui explain`: the decision for a request in a file."""

from pathlib import Path
from typing import Any

import click

from app.commands.options import Options, config_option, data_option


@click.command("explain")
@click.argument("file", type=click.File("rb"))
@click.option("--dialect", default="", help="anthropic, openai_chat or openai_responses.")
@config_option
@data_option
def command(file: Any, dialect: str, config: Path | None, data: Path | None) -> None:
    """Score and rewrite a request on paper; send nothing.

    FILE is the JSON body that a client would send, - for stdin.

    \b
    Example:
      lynkr-tui explain request.json | jq .decision
    """
    from app.explain import explain_file

    options = Options(config=config, data=data)
    print(explain_file(file.read(), dialect, options.config_path, options.data_path))
