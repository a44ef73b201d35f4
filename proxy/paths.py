"""Where files are: the config and the data, by XDG or the platform's own custom."""

import os
from pathlib import Path

from msgspec import Struct
from platformdirs import PlatformDirs

_DIRS = PlatformDirs("lynkr-tui", appauthor=False)

LEDGER, LOG = "ledger.db", "lynkr-tui.log"  # in the data folder
CACHE, SEMANTIC = "cache.db", "semantic.db"


def config_file() -> Path:
    """The config looked for when none is named; it need not exist."""
    return Path(_DIRS.user_config_dir) / "config.toml"


def data_dir() -> Path:
    """The data folder used when none is named; it need not exist."""
    return Path(_DIRS.user_data_dir)


class DataFiles(Struct, frozen=True):
    """What stands in a data folder. The folder is made if need be, for its owner alone (0700)."""

    dir: Path

    def __post_init__(self) -> None:
        """OSError where the folder can't be made."""
        self.dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and self.dir.stat().st_uid == os.getuid():
            self.dir.chmod(0o700)

    @property
    def semantic(self) -> Path:
        """Questions and answers of the semantic cache, with their vectors."""
        return self.dir / SEMANTIC

    @property
    def ledger(self) -> Path:
        return self.dir / LEDGER

    @property
    def cache(self) -> Path:
        return self.dir / CACHE

    @property
    def originals(self) -> Path:
        return self.dir / "originals.db"

    @property
    def log(self) -> Path:
        return self.dir / LOG
