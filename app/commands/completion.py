"""`lynkr-tui completion`: what a shell has to read to complete our commands."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_LYNKR_TUI_COMPLETE"  # click looks at it for the program's name


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the script that completes our words in SHELL.

    \b
    Example:
      eval "$(lynkr-tui completion bash)"                  # in ~/.bashrc
      eval "$(lynkr-tui completion zsh)"                   # in ~/.zshrc, after compinit
      lynkr-tui completion fish > ~/.config/fish/completions/lynkr-tui.fish
    """
    from app.commands import cli

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "lynkr-tui", VARIABLE).source())
