"""The doors of the control API to what past traffic would have cost, and to prices."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from app.attach.state import Prices
from proxy.clients.bodies import object_of
from proxy.clients.replies import values_response
from proxy.control.api import Routes
from proxy.errors import BadRequest
from proxy.house import House
from proxy.routing.as_json import table_from
from proxy.routing.table import Table, Target

if TYPE_CHECKING:
    from app.holds.what_if import WhatIf

MOST_TARGETS: Final = 500  # in one question
SIDES: Final = ("before", "after")


class WhatIfDoors:
    """Lead to the work that the routing screen has done; a question ends with its connection."""

    def __init__(self, house: House) -> None:
        self._house = house

    @cached_property
    def _what_if(self) -> "WhatIf":
        from app.holds.what_if import WhatIf  # what it imports would delay the start

        return WhatIf(self._house)

    def routes(self) -> Routes:
        """Method, path, handler, as the control API has them."""
        return [
            ("POST", "/lynkr/what-if", self._outcome),
            ("POST", "/lynkr/prices", self._prices),
        ]

    async def _outcome(self, request: web.Request) -> web.Response:
        """How past traffic goes under one table, against another."""
        asked = await object_of(request)
        unknown = sorted(asked.keys() - set(SIDES))
        if unknown:
            raise BadRequest(f"{unknown[0]}: unknown key; use {' and '.join(SIDES)}")
        before, after = (self._table(side, asked.get(side, {})) for side in SIDES)
        await self._what_if.load()
        return values_response(await self._what_if.outcome(before, after))

    def _table(self, side: str, body: Any) -> Table:
        """As PUT /lynkr/routing reads it, with what is in force for the keys left out."""
        try:
            return table_from(body, self._house.routing.table, self._house.config.providers)
        except BadRequest as error:
            raise BadRequest(f"{side}: {error.message}") from None

    async def _prices(self, request: web.Request) -> web.Response:
        targets = _targets((await object_of(request)).get("targets"))
        found = await self._what_if.prices(targets.values())
        said = {name: found[target] for name, target in targets.items()}
        return values_response(Prices(prices=said))


def _targets(said: object) -> Mapping[str, Target]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise BadRequest('targets: name models, like ["local/qwen2.5-coder:7b"]')
    if len(said) > MOST_TARGETS:
        raise BadRequest(f"targets: at most {MOST_TARGETS} at once")
    try:
        return {one: Target.of(one) for one in said}
    except ValueError as error:
        raise BadRequest(f"targets: {error}") from None
