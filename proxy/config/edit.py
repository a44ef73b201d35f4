"""The config as a file that both its owner and the dashboard edit: watched, and saved with care."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from proxy.config.load import Config, ConfigError, load, parse, read_text, table_of
from proxy.config.names import upgraded
from proxy.config.toml import with_never, with_table
from proxy.routing.table import Table


class _Stamp(NamedTuple):
    """What changes when a file does; nothing of it where there is no file."""

    mtime: int = 0  # nanoseconds
    size: int = 0  # bytes
    inode: int = 0


class ConfigFile:
    """The config in force, and the file that it came from. Raises ConfigError if it won't load."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = _stamp(path)  # taken first: an edit while reading is then seen later
        self.config = load(path)

    def save(self, table: Table) -> None:
        """Write what of `table` outlives a run into the file: all but the overrides.

        Comments, order and other settings stay. Takes some milliseconds and waits for the
        disk: call it from a thread. ConfigError where the result would not load; the file is then
        as it was.
        """
        self._edit(
            lambda text: with_table(text, table),
            lambda config: _same(table_of(config), table),
            "[tiers], [classifier] and [[force]] in one place each",
        )

    def save_never(self, tool: str, never: bool) -> Config:
        """Put a tool among those whose results are never compressed, or take it out; as `save`
        does. Gives the config as it is in the file then."""
        old = load(self.path).compression.never
        names = tuple(name for name in old if name != tool) + ((tool,) if never else ())
        return self._edit(
            lambda text: with_never(text, names),
            lambda config: config.compression.never == names,
            "[compression] in one place",
        )

    def _edit(
        self, edit: Callable[[str], str], holds: Callable[[Config], bool], layout: str
    ) -> Config:
        edited_meanwhile = _stamp(self.path) != self._seen
        text = upgraded(read_text(self.path)).text
        parse(text, str(self.path))
        written = edit(text)
        config = self._checked(written, holds, layout)
        replace_text(self.path, written)
        if not edited_meanwhile:  # else the owner's edit is still to be reported by `changed`
            self._seen, self.config = _stamp(self.path), config
        return config

    def changed(self) -> Config | None:
        """The new config if the file was edited since last asked; cheap, for a look each second.

        A broken edit raises ConfigError, once; the config before it stays in force.
        """
        stamp = _stamp(self.path)
        if stamp == self._seen:
            return None
        self._seen = stamp
        config = load(self.path)
        if config == self.config:
            return None
        self.config = config
        return config

    def _checked(self, written: str, holds: Callable[[Config], bool], layout: str) -> Config:
        try:
            config = parse(written, str(self.path))
        except ConfigError as error:
            raise ConfigError(f"not saved, for the file would not load again:\n{error}") from None
        if not holds(config):
            raise ConfigError(
                f"not saved: {self.path} is laid out in a way that can't be edited here; "
                f"gather {layout}"
            )
        return config


def _same(saved: Table, wanted: Table) -> bool:
    return (
        saved.tiers,
        saved.fallback,
        saved.boundaries,
        saved.patterns,
        saved.weights or {},
    ) == (
        wanted.tiers,
        wanted.fallback,
        wanted.boundaries,
        wanted.patterns,
        wanted.weights or {},
    )


def _stamp(path: Path) -> _Stamp:
    try:
        now = path.stat()
    except OSError:
        return _Stamp()
    return _Stamp(now.st_mtime_ns, now.st_size, now.st_ino)


def replace_text(path: Path, text: str) -> None:
    """Put `text` in the file's place in one step; a link stays a link, the mode stays the mode."""
    real = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
        try:
            with open(handle, "wb") as out:
                os.fchmod(handle, real.stat().st_mode & 0o7777)
                out.write(text.encode())
                out.flush()
                os.fsync(handle)
            os.replace(name, real)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror}; nothing was saved") from None
