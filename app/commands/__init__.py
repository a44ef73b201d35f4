"""The table of commands; the code of each is imported only when it is asked for."""

import sys
from importlib import import_module
from typing import Any, Final

import click

from app.commands.options import Options, shared
from app.process.failure import Failure

# Each name: the module that has it, under the name `command`. In the order of `--help`.
COMMANDS: Final = {
    "serve": "app.commands.serve",
    "attach": "app.commands.attach",
    "demo": "app.commands.demo",
    "init": "app.commands.init",
    "wrap": "app.commands.wrap",
    "explain": "app.commands.explain",
    "eval": "app.commands.eval",
    "cache": "app.commands.cache",
    "history": "app.commands.history",
    "statusline": "app.commands.statusline",
    "doctor": "app.commands.doctor",
    "locate": "app.commands.locate",
    "completion": "app.commands.completion",
}


class Table(click.Group):
    """A group that looks its commands up in COMMANDS."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*COMMANDS, *super().list_commands(context)]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(context, name)
        found: click.Command = import_module(COMMANDS[name]).command
        return found


@click.group(
    cls=Table,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
        _dashboard(Options(**options))


def _dashboard(options: Options) -> None:
    from app import main as root

    if options.config is None and not options.config_path.exists():
        from app.newcomer.first_run import greet

        if not greet(options):
            return
    root.dashboard(options.to_run())


def run() -> None:
    """Run the command line: exit code 0 fine, 1 failed, 2 bad usage."""
    try:
        cli(prog_name="lynkr-tui")
    except Failure as failure:
        from app.text import plain

        said = "\n".join(map(plain, str(failure).split("\n")))
        print(f"lynkr-tui: {said}", file=sys.stderr)
        sys.exit(1)
    except Exception:
        from app.process.crash import told

        sys.exit(told())
