"""Logs go to a file and into the dashboard's log view, never onto the screen."""

import logging
import os
from collections import deque
from io import FileIO, TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.text import plain
from proxy.secrets import unlike_a_key

LINES_KEPT = 1_000
FILE_BYTES = 5_000_000
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
MODE = 0o600


class _Harmless(logging.Formatter):
    """A line an entry, tracebacks apart, without keys, and without what could drive a terminal or
    pass for another entry."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return plain(unlike_a_key(super().formatMessage(record)))

    def formatException(self, ei: object) -> str:
        lines = super().formatException(ei).split("\n")  # type: ignore[arg-type]
        return "\n".join(plain(unlike_a_key(line)) for line in lines)


class _Lines(logging.Handler):
    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.extend(self.format(record).splitlines())


class _File(RotatingFileHandler):
    """A rotating file that its owner alone can read, each time anew."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY | os.O_APPEND, MODE)
        os.fchmod(handle, MODE)
        return TextIOWrapper(FileIO(handle, "a"), encoding=self.encoding, write_through=True)


def start(path: Path) -> deque[str]:
    """Log to `path` (0600, 5 MB, one old one kept) and to the lines given back, newest last."""
    return _log_to(_File(path, maxBytes=FILE_BYTES, backupCount=1, encoding="utf-8"))


def in_memory() -> deque[str]:
    """Log to the lines given back alone, newest last."""
    return _log_to()


def _log_to(*files: logging.Handler) -> deque[str]:
    logging.raiseExceptions = False  # a full disk is no reason to write onto the screen
    lines: deque[str] = deque(maxlen=LINES_KEPT)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (*files, _Lines(lines)):
        handler.setFormatter(_Harmless(FORMAT, datefmt="%Y-%m-%d %H:%M:%S"))
        root.addHandler(handler)
    return lines
