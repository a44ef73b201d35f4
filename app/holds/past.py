"""What the dashboard asks of the past, told by a ledger here, or by a proxy elsewhere."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from proxy.exchange import ResultRewrite
from proxy.ledger import history
from proxy.ledger.behind import Behind, found, page
from proxy.ledger.history import Saving
from proxy.ledger.kept import before_and_after
from proxy.money.burn import Burn, burn
from proxy.record import Record

T = TypeVar("T")


class PastError(Exception):
    """Why the past can't be told, in a sentence for the screen."""


class Past(Protocol):
    """Every method waits, for a disk or for a network: call it from a thread. PastError where
    nothing can be told."""

    def savings(self, by: str, since: date | None = None) -> list[Saving]:
        """As proxy.ledger.history has it."""

    def totals(self, since: date | None = None) -> Saving:
        """As proxy.ledger.history has it."""

    def found(self, behind: Behind) -> Behind:
        """As proxy.ledger.behind has it."""

    def page(self, behind: Behind, start: int, size: int) -> list[Record]:
        """As proxy.ledger.behind has it."""

    def exchange(self, id: str) -> dict[str, Any] | None:
        """As proxy.ledger.history has it."""

    def burn(self, now: float) -> Burn:
        """As proxy.money.burn has it."""

    def before_and_after(self, id: str, result: ResultRewrite) -> tuple[str, str] | None:
        """As proxy.ledger.kept has it."""


class LedgerPast:
    """The ledger at `path`, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def savings(self, by: str, since: date | None = None) -> list[Saving]:
        return self._asked(lambda: history.savings(self._path, by, since))

    def totals(self, since: date | None = None) -> Saving:
        return self._asked(lambda: history.totals(self._path, since))

    def found(self, behind: Behind) -> Behind:
        return self._asked(lambda: found(self._path, behind))

    def page(self, behind: Behind, start: int, size: int) -> list[Record]:
        return self._asked(lambda: page(self._path, behind, start, size))

    def exchange(self, id: str) -> dict[str, Any] | None:
        return self._asked(lambda: history.exchange(self._path, id))

    def burn(self, now: float) -> Burn:
        return self._asked(lambda: burn(self._path, now))

    def before_and_after(self, id: str, result: ResultRewrite) -> tuple[str, str] | None:
        return self._asked(lambda: before_and_after(self._path, id, result))

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except sqlite3.Error as problem:
            said = f"The ledger could not be read: {problem}. It is at {self._path}."
            raise PastError(said) from problem
