"""What a Messages answer says was billed, and why it stopped."""

from typing import Any, Final

from proxy.dialects.counted import a_count
from proxy.dialects.model import Body, StopReason, Usage

_FIELDS: Final = (
    ("input", "input_tokens"),
    ("output", "output_tokens"),
    ("cache_read", "cache_read_input_tokens"),
    ("cache_write", "cache_creation_input_tokens"),
)

# What the protocol says beyond the neutral reasons, as the nearest of them.
STOPS: Final[dict[str, StopReason]] = {
    "end_turn": "end_turn",
    "max_tokens": "max_tokens",
    "tool_use": "tool_use",
    "stop_sequence": "stop_sequence",
    "refusal": "refusal",
    "pause_turn": "end_turn",
    "model_context_window_exceeded": "max_tokens",
}


def read_usage(raw: Any) -> Usage:
    """A wire `usage` object; what it leaves out or garbles stays None."""
    if not isinstance(raw, dict):
        return Usage()
    usage = Usage(**{name: a_count(raw.get(field)) for name, field in _FIELDS})
    details = raw.get("output_tokens_details")
    if isinstance(details, dict):
        usage.reasoning = a_count(details.get("thinking_tokens"))
    return usage


def add_report(usage: Usage, raw: Any) -> None:
    """Take a later report of the same stream into `usage`.

    Counts are cumulative, so a later zero is a server that did not bother: the earlier one stays.
    """
    later = read_usage(raw)
    for name in ("input", "output", "cache_read", "cache_write", "reasoning"):
        if getattr(later, name) == 0 and getattr(usage, name):
            setattr(later, name, None)
    usage.merge(later)


def write_usage(usage: Usage) -> Body:
    """A wire `usage` object; the two counts that every SDK reads are 0 where nobody said."""
    wire: Body = {"input_tokens": 0, "output_tokens": 0}
    for name, field in _FIELDS:
        if (count := getattr(usage, name)) is not None:
            wire[field] = count
    if usage.reasoning is not None:
        wire["output_tokens_details"] = {"thinking_tokens": usage.reasoning}
    return wire
