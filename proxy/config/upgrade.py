"""Brings an older build's config up to date in its place, after a copy of it was put aside."""

import os
from pathlib import Path

from proxy.config.edit import replace_text
from proxy.config.load import ConfigError, parse, read_text
from proxy.config.names import Renamed, upgraded


def bring_up(path: Path) -> str:
    """What was done, in a sentence; empty where there was nothing to do. What stood there is kept
    beside it under the name of the first release that it is older than. A file that can't be
    written stays as it is, and one that does not load too."""
    try:
        text = read_text(path)
        new, rows = upgraded(text)
        if not rows:
            return ""
        parse(new, str(path))
    except ConfigError:
        return ""  # who loads it says what is wrong
    said = f"{path} is from an older build: {', '.join(map(_told, rows))}"
    backup = path.with_name(f"{path.name}.before-{rows[0].since}")
    try:
        _copy(text, path, backup)
        replace_text(path, new)
    except (OSError, ConfigError) as error:
        return f"{said}; it is read so, but stays as it is: {error}"
    return f"{said}; as it was, it is kept in {backup.name}"


def _told(row: Renamed) -> str:
    return f"{'.'.join((*row.table, row.old))} is now called {row.new}"


def _copy(text: str, path: Path, backup: Path) -> None:
    mode = path.stat().st_mode & 0o777
    with open(os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        out.write(text.encode())
