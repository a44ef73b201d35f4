"""Where edits of the routing table are carried out: saved first, then in force; undo and redo."""

import asyncio
from collections.abc import Callable

from app.edits import Edit, FieldError, Trail, restored, same_rules
from proxy.config.load import ConfigError
from proxy.routing.table import Routing, Table


class Desk:
    """Changes `routing`; `save` writes a table down, or raises ConfigError or OSError."""

    def __init__(self, routing: Routing, save: Callable[[Table], None]) -> None:
        self._routing = routing
        self._save = save
        self._trail = Trail()
        self._last = routing.table

    @property
    def table(self) -> Table:
        return self._routing.table

    def changed_elsewhere(self) -> bool:
        """Whether the rules were changed by another since last asked; undo then leads back."""
        last, self._last = self._last, self.table
        if same_rules(last, self._last):
            return False
        self._trail = self._trail.did(last)
        return True

    async def apply(self, edit: Edit) -> FieldError | None:
        """Save the edited table, then put it in force; or say why not, with all as it was."""
        self.changed_elsewhere()
        before = self.table
        try:
            after = edit(before)
        except FieldError as wrong:
            return wrong
        if same_rules(before, after):
            return None
        problem = await self._put(after)
        if problem is None:
            self._trail = self._trail.did(before)
        return problem

    async def undo(self) -> FieldError | None:
        """Back to the table before the last change; overrides stay as they are."""
        self.changed_elsewhere()
        if not self._trail.past:
            return FieldError("undo", "nothing to undo")
        return await self._go(self._trail.past[-1], self._trail.undone)

    async def redo(self) -> FieldError | None:
        """Forth to the table that `undo` left."""
        self.changed_elsewhere()
        if not self._trail.future:
            return FieldError("redo", "nothing to redo")
        return await self._go(self._trail.future[-1], self._trail.redone)

    async def _go(self, to: Table, step: Callable[[Table], Trail]) -> FieldError | None:
        before = self.table
        problem = await self._put(to)
        if problem is None:
            self._trail = step(before)
        return problem

    async def _put(self, table: Table) -> FieldError | None:
        try:
            await asyncio.to_thread(self._save, table)
        except (ConfigError, OSError) as problem:
            return FieldError("file", str(problem))
        self._last = restored(self.table, table)
        self._routing.replace(self._last)
        return None
