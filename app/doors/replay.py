"""The doors of the control API to replays: an exchange sent once more, and what was said."""

from functools import cached_property
from typing import TYPE_CHECKING

from aiohttp import web

from app.attach.state import Begun
from app.replayed import RUNS, ReplayError
from classifier.tiers import Tier
from proxy.clients.bodies import object_of
from proxy.clients.replies import values_response
from proxy.control.api import Handler, Routes
from proxy.errors import BadRequest, ProxyError
from proxy.house import House
from proxy.record import Record

if TYPE_CHECKING:
    from app.holds.replayer import Replayer

NOBODY = "no exchange of this id is known"


class ReplayDoors:
    """They tell answers, where these are held or kept; no request, and none of its headers."""

    def __init__(self, house: House) -> None:
        self._house = house

    @cached_property
    def _replayer(self) -> "Replayer":
        from app.holds.replayer import Replayer

        return Replayer(self._house)

    def routes(self) -> Routes:
        """Method, path, handler, as the control API has them."""
        return [
            ("GET", "/lynkr/exchanges/{id}/replay", _said(self._look)),
            ("POST", "/lynkr/exchanges/{id}/replay", _said(self._begin)),
            ("GET", "/lynkr/exchanges/{id}/answer", _said(self._answer)),
        ]

    async def _look(self, request: web.Request) -> web.Response:
        return values_response(await self._replayer.look(await self._ended(request)))

    async def _begin(self, request: web.Request) -> web.Response:
        tier = (await object_of(request)).get("tier")
        if not isinstance(tier, str) or tier not in Tier.__members__:
            raise BadRequest(f"tier: must be one of {', '.join(Tier.__members__)}")
        row = await self._ended(request)
        return values_response(Begun(id=await self._replayer.begin(row, Tier[tier])))

    async def _answer(self, request: web.Request) -> web.Response:
        row = await self._ended(request)
        return values_response(await self._replayer.answer(row.id))

    async def _ended(self, request: web.Request) -> Record:
        row = await self._replayer.record(request.match_info["id"])
        if row is None:
            raise ReplayError(NOBODY)
        if not row.ended:
            raise ReplayError(RUNS)
        return row


def _said(handler: Handler) -> Handler:
    """What can't be done is said with 409."""

    async def saying(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ReplayError as error:
            raise ProxyError(str(error), 409) from error

    return saying
