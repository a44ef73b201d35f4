"""Commands and options; a screen's code is imported only when the screen opens."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app.failure import Failure
from proxy.paths import config_file, data_dir

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, dir_okay=False)
DIR = click.Path(path_type=Path, file_okay=False)


def shared(command: Command) -> Command:
    """The options that every command which runs the proxy has."""
    for option in (
        click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True),
        click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind."),
        click.option("--data", type=DIR, help="Folder for ledger, cache and log."),
        click.option("--config", type=FILE, help="The TOML file."),
    ):
        command = option(command)
    return command


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lynkr-tui", prog_name="lynkr-tui")
@shared
@click.pass_context
def cli(context: click.Context, /, **options: Any) -> None:
    """Route coding-agent requests to the cheapest model that still does the job.

    Without a command: proxy and dashboard on the config file.

    \b
    Example:
      lynkr-tui --config ~/lynkr.toml
      ANTHROPIC_BASE_URL=http://127.0.0.1:8081 claude
    """
    if context.invoked_subcommand is None:
        from app import main as root

        root.dashboard(_options(**options))


@cli.command()
@shared
@click.option("--json", "as_json", is_flag=True, help="Print every event as JSON on stdout.")
def serve(as_json: bool, **options: Any) -> None:
    """Run the proxy alone, without a screen.

    \b
    Example:
      lynkr-tui serve --config lynkr.toml --json
    """
    from app import main as root

    root.serve(_options(**options), as_json)


@cli.command()
@shared
def demo(**options: Any) -> None:
    """Proxy and dashboard on a built-in provider, with a scripted session played through them.

    No key, no network, no cost. Its data stay in a folder of their own.

    \b
    Example:
      lynkr-tui demo --port 9000
    """
    from app import main as root
    from app.demo import play, write_config

    data = options.pop("data") or data_dir() / "demo"
    config = options.pop("config") or write_config(data)
    root.dashboard(root.Options(config=config, data=data, **options), play)


@cli.command()
@click.argument("file", type=click.File("rb"))
@click.option("--dialect", default="", help="anthropic or openai_chat.")
@click.option("--data", type=DIR, help="Folder for ledger, cache and log.")
@click.option("--config", type=FILE, help="The TOML file.")
def explain(file: Any, dialect: str, config: Path | None, data: Path | None) -> None:
    """Score and rewrite the request in FILE (- for stdin) on paper; send nothing.

    \b
    Example:
      lynkr-tui explain request.json | jq .decision
    """
    from app.explain import explain_file

    path = config or config_file()
    print(explain_file(file.read(), dialect, path, data or data_dir()))


def _options(config: Path | None, data: Path | None, host: str, port: int) -> Any:
    from app import main as root

    path = config or config_file()
    if config is None and not path.exists():
        raise Failure(
            f"there is no config at {path} yet; see it work with `lynkr-tui demo`, "
            "or write one as the README shows and name it with --config"
        )
    return root.Options(config=path, data=data or data_dir(), host=host, port=port)


def main() -> None:
    """The console script: exit code 0 fine, 1 failed, 2 bad usage."""
    try:
        cli()
    except Failure as failure:
        print(f"lynkr-tui: {failure}", file=sys.stderr)
        sys.exit(1)
