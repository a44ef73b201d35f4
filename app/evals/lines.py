"""Rows of a JSON Lines file, or a sentence on what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from app.process.failure import Failure

Line = dict[str, Any]


def lines_of(path: Path) -> Iterator[Line]:
    """Each row in turn. Raises Failure, naming the line, for what is no row."""
    try:
        with path.open("rb") as file:
            for number, text in enumerate(file, 1):
                if text.strip():
                    yield _row(text, f"{path}, line {number}")
    except OSError as error:
        raise Failure(f"{path} can't be read: {error.strerror}") from None


def _row(text: bytes, place: str) -> Line:
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Failure(f"{place}: not JSON ({error.msg}); a row is an object on one line") from None
    if not isinstance(row, dict):
        raise Failure(f"{place}: a row must be a JSON object, not {type(row).__name__}")
    return row
