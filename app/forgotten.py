"""Empties the caches: by the proxy that runs, or in the files where none does."""

import sqlite3
from pathlib import Path

from app.commands.options import Options
from app.process.failure import Failure
from app.wrap.proxy import joined
from proxy.cache.semantic import TABLE as ENTRIES
from proxy.cache.store import TABLE as ANSWERS
from proxy.paths import CACHE, SEMANTIC
from proxy.private_db import empty


def forget(options: Options) -> str:
    """What was forgotten, in a sentence. Raises Failure."""
    running = joined(options.host, options.port)
    if running is None:
        folder = options.data_path
        return _said(_emptied(folder / CACHE, ANSWERS), _emptied(folder / SEMANTIC, ENTRIES))
    try:
        told = running.delete("/lynkr/cache")
        return _said(int(told["exact"]), int(told["semantic"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failure(f"the proxy at {running.url} did not clear its cache: {error}") from None


def _emptied(path: Path, table: str) -> int:
    try:
        return empty(path, table)
    except (OSError, sqlite3.Error) as error:
        raise Failure(f"{path} can't be emptied ({error}); delete it") from None


def _said(exact: int, semantic: int) -> str:
    return f"answers forgotten: {exact:,} to equal requests, {semantic:,} to questions"
