"""The dashboard's hold on replays: what can be sent again, and what comes of it."""

import sqlite3
from collections.abc import Awaitable
from typing import TypeVar

from app.replayed import GONE, LOST, Found, ReplayError, Said, said_of
from app.text import plain
from classifier.tiers import Tier
from proxy.errors import ProxyError
from proxy.house import House
from proxy.past.recent import Texts
from proxy.past.replay import Replays, said
from proxy.record import Record

T = TypeVar("T")


class Replayer:
    """Raises ReplayError where something can't be done."""

    def __init__(self, house: House) -> None:
        self._replays = Replays(house)

    async def record(self, id: str) -> Record | None:
        """What is known of an exchange; None where nothing is."""
        return await _read(self._replays.record(id))

    async def look(self, row: Record) -> Found:
        """The tiers that an exchange which ended can be sent to, and what was said then."""
        texts = await self._texts(row.id)
        try:
            offers = await self._replays.offers(row, texts)
        except ProxyError as error:
            why = f"It was no request that a model could answer: {plain(error.message, 300)}"
            raise ReplayError(why) from error
        return Found(offers, await _said(texts))

    async def begin(self, row: Record, tier: Tier) -> str:
        """Send it to a tier; the id of the exchange that this is."""
        texts = await self._texts(row.id)
        try:
            return self._replays.begin(row, texts, tier).id
        except ProxyError as error:
            raise ReplayError(plain(error.message, 300)) from error

    async def answer(self, id: str) -> Said:
        """What was said in an exchange that ended, such as a replay."""
        return await _said(await self._texts(id))

    async def _texts(self, id: str) -> Texts:
        found = await _read(self._replays.texts(id))
        if found is None:
            raise ReplayError(LOST if self._replays.keeps_text else GONE)
        return found


async def _said(texts: Texts) -> Said:
    try:
        return said_of(await said(texts))
    except ProxyError as error:
        return Said(why=error.message)


async def _read(reading: Awaitable[T]) -> T:
    try:
        return await reading
    except sqlite3.Error as problem:
        said = f"The ledger could not be read: {plain(problem, 200)}"
        raise ReplayError(said) from problem
