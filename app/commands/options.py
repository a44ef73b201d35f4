"""The options that commands share, and what they mean where they are left out."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

from app.process.failure import Failure

if TYPE_CHECKING:
    from app import main as root

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, dir_okay=False)

# Who opens them says why they can't be read; that is no bad usage.
CONFIG = click.Path(path_type=Path, dir_okay=False, readable=False)
DIR = click.Path(path_type=Path, file_okay=False, readable=False)

config_option = click.option("--config", type=CONFIG, help="The TOML file.")
data_option = click.option("--data", type=DIR, help="Folder for ledger, cache and log.")
host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to bind."
)
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8081,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)


def shared(command: Command) -> Command:
    """The options that every command which runs the proxy has."""
    return several(command, config_option, data_option, host_option, port_option)


def several(command: Command, *options: Callable[[Command], Command]) -> Command:
    """`command` with `options`, listed in this order."""
    for option in reversed(options):
        command = option(command)
    return command


class Options(Struct, frozen=True, kw_only=True):
    """The shared options as they were given."""

    config: Path | None = None
    data: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8081

    @property
    def config_path(self) -> Path:
        """The config named, or the usual one; it need not exist."""
        from proxy.paths import config_file

        return self.config or config_file()

    @property
    def data_path(self) -> Path:
        """The data folder named, or the usual one; it need not exist."""
        from proxy.paths import data_dir

        return self.data or data_dir()

    def to_run(self) -> "root.Options":
        """For a command that runs the proxy. Failure where there is no config to run it on."""
        from app import main as root

        if self.config is None and not self.config_path.exists():
            raise Failure(
                f"there is no config at {self.config_path} yet; `lynkr-tui init` writes one, "
                "`lynkr-tui demo` shows it at work without any"
            )
        if self.config_path.is_dir():
            raise Failure(f"{self.config_path} is a directory; name the TOML file in it")
        return root.Options(
            config=self.config_path, data=self.data_path, host=self.host, port=self.port
        )
