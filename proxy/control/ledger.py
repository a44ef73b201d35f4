"""The doors of the control API that lead to the ledger's exchanges, and to what was spent."""

import asyncio
import math
import sqlite3
import time
from collections.abc import Callable
from typing import Final, TypeVar

from aiohttp import web

from proxy.clients.replies import values_response
from proxy.errors import BadRequest, ProxyError
from proxy.house import House
from proxy.ledger import history
from proxy.ledger.behind import COLUMNS, END_OF_TIME, Behind, found, page
from proxy.money.burn import burn

MOST: Final = 500  # exchanges in one answer

T = TypeVar("T")


class LedgerDoors:
    """Reads alone; none of these tells a text of a prompt or an answer."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def exchanges(self, request: web.Request) -> web.StreamResponse:
        """A page of the exchanges that the query asks for. Without `last` they are counted, and
        what is recorded later is left out of the pages that are asked for with it."""
        path, asked = self._house.ledger_path, _behind(request)
        start, size = _whole(request, "start"), min(_whole(request, "size"), MOST)
        if not asked.last:
            asked = await _read(lambda: found(path, asked))
        rows = await _read(lambda: page(path, asked, start, size)) if size else []
        return values_response({"behind": asked, "exchanges": rows})

    async def exchange(self, request: web.Request) -> web.StreamResponse:
        """One by its id; null where it never ended, or never was."""
        id = request.match_info["id"]
        return values_response(
            {"exchange": await _read(lambda: history.exchange(self._house.ledger_path, id))}
        )

    async def spending(self, request: web.Request) -> web.StreamResponse:
        return values_response(await _read(lambda: burn(self._house.ledger_path, time.time())))


def _behind(request: web.Request) -> Behind:
    column = request.query.get("column", "")
    if column and column not in COLUMNS:
        raise BadRequest(f"column: {column[:40]!r} is none of {', '.join(COLUMNS)}")
    return Behind(
        column,
        request.query.get("key", ""),
        _seconds(request, "since", 0.0),
        _seconds(request, "until", END_OF_TIME),
        _whole(request, "last"),
        _whole(request, "count"),
    )


def _seconds(request: web.Request, name: str, otherwise: float) -> float:
    said = request.query.get(name)
    try:
        seconds = float(said) if said is not None else otherwise
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise BadRequest(f"{name}: must be unix seconds, not {said!r:.40}")
    return seconds


def _whole(request: web.Request, name: str) -> int:
    said = request.query.get(name, "0")
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise BadRequest(f"{name}: must be a whole number, not {said[:40]!r}")
    return int(said)


async def _read(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except sqlite3.Error as error:
        raise ProxyError(f"the ledger could not be read: {error}") from error
