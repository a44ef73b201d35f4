"""The past as a proxy elsewhere tells it, from its own ledger."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from msgspec.structs import fields, replace

from app.attach.far import FarError
from app.attach.hub import Hub
from app.holds.past import PastError
from proxy.exchange import ResultRewrite
from proxy.ledger.behind import Behind
from proxy.ledger.history import Saving
from proxy.money.burn import Burn
from proxy.record import Record
from proxy.values_json import read

T = TypeVar("T")

NO_TEXTS = (
    "Texts of prompts, and what tools gave back, stay on the proxy's machine: look at this exchange"
    " in a dashboard there, such as `lynkr-tui` without `serve`."
)


class FarPast:
    """Each method waits for the proxy: call it from a thread."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def savings(self, by: str, since: date | None = None) -> list[Saving]:
        return [self._read(Saving, row) for row in self._sums(by, since).get("rows", [])]

    def totals(self, since: date | None = None) -> Saving:
        return self._read(Saving, self._sums("tier", since).get("total"))

    def found(self, behind: Behind) -> Behind:
        said = self._asked("/lynkr/exchanges", _query(replace(behind, last=0)))
        return self._read(Behind, said.get("behind"))

    def page(self, behind: Behind, start: int, size: int) -> list[Record]:
        query = _query(behind) | {"start": start, "size": size}
        rows = self._asked("/lynkr/exchanges", query).get("exchanges", [])
        return [self._read(Record, row) for row in rows]

    def exchange(self, id: str) -> dict[str, Any] | None:
        row = self._asked(f"/lynkr/exchanges/{quote(id, '')}", {}).get("exchange")
        return row if isinstance(row, dict) else None

    def burn(self, now: float) -> Burn:
        """As it is now by the proxy's clock."""
        return self._read(Burn, self._asked("/lynkr/spending", {}))

    def before_and_after(self, id: str, result: ResultRewrite) -> tuple[str, str] | None:
        raise PastError(NO_TEXTS)

    def _sums(self, by: str, since: date | None) -> dict[str, Any]:
        return self._asked("/lynkr/history", {"by": by} | ({"since": since} if since else {}))

    def _asked(self, path: str, query: Mapping[str, object]) -> dict[str, Any]:
        try:
            return self._hub.wait(self._hub.far.ask("GET", f"{path}?{urlencode(query)}"))
        except FarError as error:
            raise PastError(f"The past is not known at present: {error}.") from None

    def _read(self, kind: type[T], said: object) -> T:
        try:
            return read(kind, said)
        except ValueError as error:
            raise PastError(f"The proxy tells its past in another way: {error}.") from None


def _query(behind: Behind) -> dict[str, object]:
    return {field.name: getattr(behind, field.name) for field in fields(behind)}
