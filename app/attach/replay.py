"""Replays done by a proxy elsewhere, which alone has the requests and their headers."""

from typing import Any, TypeVar
from urllib.parse import quote

from app.attach.far import FarError
from app.attach.hub import Hub
from app.attach.state import Begun
from app.replayed import Found, ReplayError, Said
from classifier.tiers import Tier
from proxy.record import Record

T = TypeVar("T")


class FarReplayer:
    """As app.holds.replayer.Replayer; each question names an exchange by its id."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def look(self, row: Record) -> Found:
        return await self._asked(Found, "GET", row.id, "replay")

    async def begin(self, row: Record, tier: Tier) -> str:
        return (await self._asked(Begun, "POST", row.id, "replay", {"tier": tier.name})).id

    async def answer(self, id: str) -> Said:
        return await self._asked(Said, "GET", id, "answer")

    async def _asked(self, kind: type[T], method: str, id: str, what: str, body: Any = None) -> T:
        path = f"/lynkr/exchanges/{quote(id, '')}/{what}"
        try:
            return await self._hub.told(kind, method, path, body)
        except FarError as error:
            raise ReplayError(str(error)) from error
