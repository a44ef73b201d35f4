"""Puts a new config in its place in one step, for its owner alone; never over another unasked."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from app.process.failure import Failure


def write(path: Path, text: str, force: bool) -> None:
    """The file whole (0600), or no change at all. Failure where one is there, or it can't be."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "wb") as out:
                out.write(text.encode())
                out.flush()
                os.fsync(handle)
            if force:
                os.replace(name, path)
            else:
                _place(name, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except OSError as error:
        raise Failure(
            f"{path} can't be written: {error.strerror}; name another with --config"
        ) from None


def _place(name: str, path: Path) -> None:
    """Give the file its name; unlike a rename, a link refuses to replace."""
    try:
        os.link(name, path)
    except FileExistsError:
        raise exists(path) from None


def exists(path: Path) -> Failure:
    """What is said where a config is there already."""
    return Failure(
        f"{path} exists and stays as it is; --force replaces it, --config names another, "
        "--dry-run only prints"
    )
