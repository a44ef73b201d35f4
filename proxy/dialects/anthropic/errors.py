"""Errors as the Anthropic SDKs expect them, and the message inside what other servers send."""

import re
from typing import Any, Final

import orjson

from proxy.dialects.model import Body
from proxy.dialects.sse import encode

_TYPES: Final[dict[int, str]] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    503: "overloaded_error",  # so that Claude Code comes back
    504: "timeout_error",
    529: "overloaded_error",
}
_LONGEST: Final = 600  # characters of an error page worth handing on
_OVERFLOW_STATUS: Final = frozenset({400, 413, 422})
_TOO_LONG: Final = "prompt is too long"
_OVERFLOW: Final = re.compile(
    r"context_length_exceeded|maximum context length|context (?:window|size|length)|"
    r"(?:prompt|input|request) (?:is )?(?:too long|exceeds|tokens exceed)|"
    r"too many (?:input )?tokens",
    re.IGNORECASE,
)


def error_type(status: int) -> str:
    """The `type` that goes with an HTTP status."""
    return _TYPES.get(status) or ("invalid_request_error" if status < 500 else "api_error")


def error_body(status: int, message: str) -> Body:
    """The Messages error shape. A context overflow gets the wording that clients recover from."""
    return _body(error_type(status), _worded(message) if status in _OVERFLOW_STATUS else message)


def _worded(message: str) -> str:
    if _TOO_LONG in message or not _OVERFLOW.search(message):
        return message
    return f"{_TOO_LONG}: {message}"


def error_event(status: int, message: str) -> bytes:
    """The same inside a stream."""
    return encode("error", orjson.dumps(error_body(status, message)))


def broken_event(kind: str, message: str) -> bytes:
    """An upstream's own error, inside a stream."""
    message = _worded(message) if kind == error_type(400) else message
    return encode("error", orjson.dumps(_body(kind or "api_error", message)))


def _body(kind: str, message: str) -> Body:
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": None}


def read_error(status: int, body: bytes) -> str:
    """The message in an upstream's error body, whatever its shape, else its text, shortened."""
    try:
        found = _message(orjson.loads(body), depth=5)
    except orjson.JSONDecodeError:
        found = ""
    text = found or " ".join(body[: _LONGEST * 4].decode("utf-8", "replace").split())
    if not text:
        return f"the provider answered {status} with an empty body"
    return text if found or len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _message(raw: Any, depth: int) -> str:
    """The text under error, message, detail or the like, at most so deep."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list) and raw and depth:
        return _message(raw[0], depth - 1)
    if isinstance(raw, dict) and depth:
        for key in ("error", "message", "detail", "errors", "Message"):
            if found := _message(raw.get(key), depth - 1):
                return found
    return ""
