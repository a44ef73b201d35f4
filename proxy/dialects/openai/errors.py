"""Errors as the OpenAI SDKs expect them, and what other servers make of the same."""

import re

import orjson

from proxy.dialects.model import Body, Json

# status → type and code, as OpenAI spells them
_KINDS: dict[int, tuple[str, str | None]] = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    403: ("invalid_request_error", "permission_denied"),
    404: ("invalid_request_error", "not_found"),
    413: ("invalid_request_error", "request_too_large"),
    422: ("invalid_request_error", None),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    503: ("server_error", "overloaded"),
    529: ("server_error", "overloaded"),
}
_BY_CLASS = {4: ("invalid_request_error", None), 5: ("server_error", None)}
_OVERFLOW = re.compile(
    r"prompt is too long|context_length_exceeded|context (length|window|size)|maximum context"
    r"|(input|prompt)[^.]{0,40}(too (long|large)|exceeds)",
    re.IGNORECASE,
)
_PARAM = re.compile(r"^([a-z_]+(?:[.\[][\w\]]+)*):\s")  # the field a message of ours begins with
_TOO_LONG = "context_length_exceeded"
_LONGEST = 600  # characters of an upstream's text worth showing


def overflow(message: str) -> bool:
    """Whether an error's message says that the prompt is longer than the model's window."""
    return bool(_OVERFLOW.search(message))


def error_body(status: int, message: str) -> Body:
    """`{"error": {message, type, param, code}}`; an overflow has the code that clients look for."""
    kind, code = _KINDS.get(status) or _BY_CLASS.get(status // 100, ("server_error", None))
    if status in (400, 413) and overflow(message):
        code = _TOO_LONG
    param = _PARAM.match(message)
    error = {"message": message, "type": kind, "param": param and param[1], "code": code}
    return {"error": error}


def read_error(status: int, body: bytes) -> str:
    """The message inside an upstream's error body, else its text, shortened."""
    try:
        message = message_in(orjson.loads(body))
    except orjson.JSONDecodeError:
        message = ""
    text = message or body.decode("utf-8", "replace").strip() or f"status {status}, no body"
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def message_in(body: Json) -> str:
    """The message of an error in any of the shapes that servers use; empty where there is none."""
    if isinstance(body, list):  # Gemini wraps its error in a list
        body = body[0] if body else None
    if not isinstance(body, dict):
        return ""
    error = body.get("error", body)
    if not isinstance(error, dict):
        return _words(error)
    found = (error.get(key) for key in ("message", "detail", "msg"))
    text = _words(next((value for value in found if value), ""))
    if error.get("code") == _TOO_LONG and not overflow(text):
        return f"{text} ({_TOO_LONG})"  # the code is lost on the way, and it is what counts
    return text


def _words(value: Json) -> str:
    """A text as it is, anything else as JSON; empty for nothing, and for what nests too deep."""
    if isinstance(value, str) or not value:
        return value or ""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return ""


# What the code or type of an error inside a stream means in the neutral form, by either spelling.
_STREAM_KINDS = {
    "400": "invalid_request_error",
    "401": "authentication_error",
    "403": "permission_error",
    "404": "not_found_error",
    "413": "request_too_large",
    "429": "rate_limit_error",
    "503": "overloaded_error",
    "529": "overloaded_error",
    "invalid_api_key": "authentication_error",
    "permission_denied": "permission_error",
    "not_found": "not_found_error",
    "request_too_large": "request_too_large",
    "context_length_exceeded": "invalid_request_error",
    "insufficient_quota": "rate_limit_error",
    "rate_limit_exceeded": "rate_limit_error",
    "rate_limit_error": "rate_limit_error",
    "overloaded": "overloaded_error",
    "server_is_overloaded": "overloaded_error",
    "slow_down": "overloaded_error",
    "invalid_prompt": "invalid_request_error",
    "model_not_found": "not_found_error",
    "invalid_request_error": "invalid_request_error",
}


def stream_error(chunk: Body) -> tuple[str, str] | None:
    """Type and message of an error that came as a chunk, None for a chunk that is none."""
    error = chunk.get("error")
    if not error and chunk.get("object") != "error":
        return None
    told = error if isinstance(error, dict) else chunk
    words = (str(told.get("code")), str(told.get("type")))
    kind = next((_STREAM_KINDS[word] for word in words if word in _STREAM_KINDS), "api_error")
    return kind, message_in(chunk) or "the provider reported an error without a message"
