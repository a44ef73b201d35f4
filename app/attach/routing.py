"""The routing table of a proxy elsewhere: steered and edited as one in this process is."""

import asyncio
from typing import Any

from app.attach.far import FarError
from app.attach.hub import Hub
from proxy.routing.as_json import as_json, read_table
from proxy.routing.table import Routing, Table

PATH = "/lynkr/routing"


class FarRouting(Routing):
    """Only what was changed is sent, so that two dashboards do not undo each other's work."""

    def __init__(self, hub: Hub, table: Table) -> None:
        super().__init__(table)
        self._hub = hub
        self._told = table  # as the proxy said last
        self._under_way = 0
        self._turn = asyncio.Lock()

    def adopt(self, table: Table) -> None:
        """The proxy tells what is in force; what is on its way there still shows."""
        self._told = table
        if not self._under_way:
            self._table = table

    def replace(self, table: Table, by: str = "dashboard") -> None:
        """Put `table` in force there; it shows here at once, and no longer where that fails."""
        changes = differences(self._table, table)
        self._table = table
        if changes:
            self._under_way += 1
            self._hub.spawn(self._steer(changes), "steering")

    def save(self, table: Table) -> None:
        """Put the rules of `table` in force there, and into its config; call it from a thread.

        Raises FarError, whose words say what is wrong with them.
        """
        self._hub.wait(self._save(table))

    async def _save(self, table: Table) -> None:
        changes = differences(self._told, table.steered_as(self._told))
        if changes:
            self.adopt(await self._put(changes))

    async def _steer(self, changes: dict[str, Any]) -> None:
        try:
            self._told = await self._put(changes)
        except FarError as error:
            self._hub.say(f"Not steered: {error}")
        finally:
            self._under_way -= 1
            self.adopt(self._told)

    async def _put(self, changes: dict[str, Any]) -> Table:
        async with self._turn:
            return told(await self._hub.far.ask("PUT", PATH, changes))


def differences(old: Table, new: Table) -> dict[str, Any]:
    """What PUT is to be given, so that `old` becomes `new`."""
    before = as_json(old)
    return {key: value for key, value in as_json(new).items() if before[key] != value}


def told(said: dict[str, Any]) -> Table:
    """The table in an answer. Raises FarError."""
    try:
        return read_table(said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FarError(f"the routing table can't be read: {error}") from None
