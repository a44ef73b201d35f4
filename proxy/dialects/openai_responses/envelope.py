"""The response object around an answer: who was asked what, how it stands, what it says."""

import time
from typing import Any, Final

from proxy.dialects.model import Body, Request, StopReason
from proxy.dialects.openai_responses.request_in import NAME

# What a response repeats of its request, and what it says where the request was silent.
_ECHOED: Final[dict[str, Any]] = {
    "background": False,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "service_tier": "default",
    "store": False,
    "temperature": None,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": None,
    "truncation": "disabled",
    "user": None,
}
_REASONS: Final[dict[StopReason, str]] = {
    "max_tokens": "max_output_tokens",
    "refusal": "content_filter",
}


def envelope(response_id: str, asked_model: str, request: Request | None) -> Body:
    """A response that has just begun."""
    asked = request.body if request and request.dialect == NAME else {}
    echoed = {
        name: silent if asked.get(name) is None else asked[name] for name, silent in _ECHOED.items()
    }
    return {
        "id": response_id,
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "model": asked_model,
        "output": [],
        "usage": None,
    } | echoed


def ended(begun: Body, output: list[Body], usage: Body | None, stop: StopReason) -> Body:
    """The same response when its answer is whole, or was cut short by the provider.

    A refusal in the model's own words is whole; any other was a filter's.
    """
    reason = None if stop == "refusal" and _refuses(output) else _REASONS.get(stop)
    return begun | {
        "status": "incomplete" if reason else "completed",
        "completed_at": None if reason else int(time.time()),
        "incomplete_details": {"reason": reason} if reason else None,
        "output": output,
        "usage": usage,
    }


def failed(begun: Body, output: list[Body], code: str, message: str) -> Body:
    """The same response when its provider failed."""
    return begun | {
        "status": "failed",
        "error": {"code": code, "message": message},
        "output": output,
    }


def _refuses(output: list[Body]) -> bool:
    parts = (part for item in output for part in item.get("content") or ())
    return any(part.get("type") == "refusal" for part in parts)
