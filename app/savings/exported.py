"""The savings as JSON and as CSV: the same for the command line and for a file."""

import csv
import io
import os
from collections.abc import Sequence
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Final

from app.text import indented, plain
from proxy.ledger.history import FIGURES, Saving

FORMULA: Final = ("=", "+", "-", "@")  # how a formula begins in a spreadsheet


def as_json(
    by: str, since: date | None, until: date | None, rows: Sequence[Saving], total: Saving
) -> str:
    """One object, indented; what is not known is null."""
    said = {"by": by, "since": since, "until": until, "rows": rows, "total": total}
    return indented(said) + "\n"


def as_csv(by: str, rows: Sequence[Saving]) -> str:
    """A head and a line each; what is not known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((by, *FIGURES))
    writer.writerows((_cell(row.key), *(getattr(row, name) for name in FIGURES)) for row in rows)
    return out.getvalue()


def _cell(name: str) -> str:
    """A name as text, also where a spreadsheet would take it for a formula."""
    text = plain(name)
    return f"'{text}" if text.startswith(FORMULA) else text


def written(text: str, name: str, end: str, folders: Sequence[Path]) -> Path:
    """Write a new file, for its owner alone, in the first folder that takes it; its path.

    A name that is taken gets a number. OSError where no folder takes it.
    """
    refused: OSError = FileNotFoundError("there is no folder to write to")
    for folder in folders:
        try:
            return _created(folder, name, end, text)
        except OSError as error:
            refused = error
    raise refused


def _created(folder: Path, name: str, end: str, text: str) -> Path:
    for number in chain(("",), (f"-{at}" for at in count(2))):
        path = folder / f"{name}{number}.{end}"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return path
    raise AssertionError("numbers have no end")
