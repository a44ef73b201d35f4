"""Logs go to a file and into the dashboard's log view, never onto the screen."""

import logging
import os
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

LINES_KEPT = 1_000
FILE_BYTES = 5_000_000
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _Lines(logging.Handler):
    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.extend(self.format(record).splitlines())


def start(path: Path) -> deque[str]:
    """Log to `path` (0600, 5 MB, one old one kept) and to the lines given back, newest last."""
    logging.raiseExceptions = False  # a full disk is no reason to write onto the screen
    lines: deque[str] = deque(maxlen=LINES_KEPT)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    file = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=1, encoding="utf-8")
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (file, _Lines(lines)):
        handler.setFormatter(logging.Formatter(FORMAT, datefmt="%Y-%m-%d %H:%M:%S"))
        root.addHandler(handler)
    return lines
