"""Failures inside a Responses stream, by the codes that clients act on."""

from typing import Final

import orjson

from proxy.dialects.openai.errors import error_body, overflow
from proxy.dialects.openai_responses.envelope import envelope, failed
from proxy.dialects.openai_responses.ids import response_id
from proxy.dialects.sse import encode

# The neutral type of a failure → OpenAI's code; clients wait and retry on the first three.
_CODES: Final = {
    "rate_limit_error": "rate_limit_exceeded",
    "overloaded_error": "server_is_overloaded",
    "timeout_error": "server_error",
    "invalid_request_error": "invalid_prompt",
    "request_too_large": "context_length_exceeded",
    "authentication_error": "invalid_api_key",
    "permission_error": "permission_denied",
    "not_found_error": "model_not_found",
    "billing_error": "insufficient_quota",
}


def code_of(kind: str, message: str) -> str:
    """The code of a failure by its neutral type; an overflow has the one that clients look for."""
    if kind in ("invalid_request_error", "api_error") and overflow(message):
        return "context_length_exceeded"
    return _CODES.get(kind, "server_error")


def failed_event(status: int, message: str) -> bytes:
    """An error inside a stream whose writer is not at hand, as the end that clients act on."""
    code = error_body(status, message)["error"]["code"] or "server_error"
    code = "server_is_overloaded" if code == "overloaded" else code
    response = failed(envelope(response_id(""), "", None), [], code, message)
    event = {"type": "response.failed", "sequence_number": 0, "response": response}
    return encode("response.failed", orjson.dumps(event))
