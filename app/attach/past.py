"""The past as a proxy elsewhere tells it, from its own ledger."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from app.attach.far import FarError
from app.attach.hub import Hub
from app.past import PastError
from proxy.exchange import ResultRewrite
from proxy.history import Saving
from proxy.values_json import read

NO_TEXTS = (
    "Texts of prompts and answers stay on the proxy's machine: look at this exchange in a dashboard"
    " there, such as `lynkr-tui` without `serve`."
)


class FarPast:
    """Each method waits for the proxy: call it from a thread."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def savings(self, by: str, since: date | None = None) -> list[Saving]:
        return [self._saving(row) for row in self._asked(by, since).get("rows", [])]

    def totals(self, since: date | None = None) -> Saving:
        return self._saving(self._asked("tier", since).get("total"))

    def before_and_after(self, id: str, result: ResultRewrite) -> tuple[str, str] | None:
        raise PastError(NO_TEXTS)

    def _asked(self, by: str, since: date | None) -> dict[str, Any]:
        query = {"by": by} | ({"since": str(since)} if since else {})
        try:
            return self._hub.wait(self._hub.far.ask("GET", f"/lynkr/history?{urlencode(query)}"))
        except FarError as error:
            raise PastError(f"The past is not known at present: {error}.") from None

    def _saving(self, row: object) -> Saving:
        try:
            return read(Saving, row)
        except ValueError as error:
            raise PastError(f"The proxy tells its past in another way: {error}.") from None
