"""An exchange as the ledger kept it, read back as a record: what was not kept stays empty."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from classifier.score import Part
from proxy.dialects.model import Usage
from proxy.exchange import Rewrite, Tokens
from proxy.record import Record

_PLAIN: Final = (
    "id at session client dialect asked_model turns tier reason provider model status state score"
    " cache cache_why cost cost_asked cost_as_came error request_class"
).split()
_OTHERS: Final = (
    "stream first_byte_ms latency_ms saved_tokens system_before tools_before messages_before"
    " system_after tools_after messages_after"
    " billed_input billed_output billed_cache_read billed_cache_write"
).split()
LISTED: Final = (*_PLAIN, *_OTHERS)  # what a line of a list is drawn from
_UNKNOWN: Final = ("score", "cost", "cost_asked", "cost_as_came")  # None where it is not known


def record_of(row: Mapping[str, Any]) -> Record:
    """The record of a row of `exchanges`, by column name, LISTED at least.

    Of its rewrite the ledger keeps names and sums: a stripped tool comes without its reason, and
    the results' techniques do not come at all.
    """
    told = {name: row[name] for name in _PLAIN if row[name] is not None or name in _UNKNOWN}
    record = Record(**{"at": 0.0, **told})
    record.stream = bool(row["stream"])
    record.first_byte, record.latency = row["first_byte_ms"], row["latency_ms"]
    record.before, record.after = _tokens(row, "before"), _tokens(row, "after")
    billed = ("input", "output", "cache_read", "cache_write")
    record.usage = Usage(**{name: row[f"billed_{name}"] for name in billed})
    stripped = tuple((name, "") for name in _list(row, "stripped"))
    record.rewrite = Rewrite(stripped=stripped, saved=row["saved_tokens"] or 0)
    record.steps = tuple(_list(row, "steps"))
    record.parts = tuple(Part(**part) for part in _list(row, "parts"))
    return record


def _tokens(row: Mapping[str, Any], when: str) -> Tokens:
    return Tokens(*(row[f"{name}_{when}"] or 0 for name in ("system", "tools", "messages")))


def _list(row: Mapping[str, Any], name: str) -> list[Any]:
    """A column of JSON, decoded already or not; empty where it was not read."""
    value = row.get(name) or []
    return orjson.loads(value) if isinstance(value, str) else value
