"""Validators of tool schemas, compiled once each."""

from typing import Any

import orjson

from proxy.dialects.model import Body, Json
from proxy.memo import Memo

VALIDATORS_KEPT = 1_000

_validators = Memo[tuple[Any]](VALIDATORS_KEPT)


def complaint(schema: Body, value: Json) -> str:
    """What `schema` has against `value`, in a few words; empty where it has nothing, or is no
    schema that can be used."""
    [validator] = _validators.get(orjson.dumps(schema), lambda: (_compiled(schema),))
    if validator is None:
        return ""
    error = next(iter(validator.iter_errors(value)), None)
    return "" if error is None else str(error.message)[:200]


def _compiled(schema: Body) -> Any:
    import jsonschema_rs  # 3 MB that many a day has no use for

    try:
        return jsonschema_rs.validator_for(schema)
    except Exception:  # a client's schema is its own affair: what can't be used checks nothing
        return None
