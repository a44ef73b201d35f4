"""Raw bytes of a client to a neutral request, or a refusal that names what is wrong."""

import orjson

from proxy.clients.seen_tools import SeenTools
from proxy.dialects.base import Dialect
from proxy.dialects.model import Request
from proxy.errors import BadRequest

_seen = SeenTools()


def read(raw: bytes, dialect: Dialect) -> Request:
    """Parse a client's body. Raises BadRequest: not JSON, not an object, or a wrong field."""
    if not raw.strip():
        raise BadRequest("the body is empty; send a JSON object")
    try:
        body = _seen.loads(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise BadRequest(f"the body is not valid JSON: {error.msg} ({place})") from None
    if not isinstance(body, dict):
        raise BadRequest(f"the body must be a JSON object, not {type(body).__name__}")
    return dialect.parse(body)
