"""Token counts between Responses' spelling and the neutral one."""

from proxy.dialects.model import Body, Json, Usage
from proxy.dialects.openai.counts import count_at, total


def read_usage(raw: Json) -> Usage:
    """Usage of a Responses `usage` object; `input` is what no cache gave or took."""
    if not isinstance(raw, dict):
        return Usage()
    read = count_at(raw, ("input_tokens_details", "cached_tokens"))
    write = count_at(raw, ("input_tokens_details", "cache_write_tokens"))
    prompt = count_at(raw, ("input_tokens",))
    return Usage(
        input=None if prompt is None else max(0, prompt - (read or 0) - (write or 0)),
        output=count_at(raw, ("output_tokens",)),
        cache_read=read,
        cache_write=write,
        reasoning=count_at(raw, ("output_tokens_details", "reasoning_tokens")),
    )


def write_usage(usage: Usage) -> Body | None:
    """A Responses `usage` object, None where nothing is known.

    Clients refuse one that lacks a count, so what nobody said is 0 beside what somebody did.
    """
    if usage.input is None and usage.output is None:
        return None
    prompt = total(usage.input or 0, usage.cache_read, usage.cache_write) or 0
    output = usage.output or 0
    details = {"cached_tokens": usage.cache_read or 0}
    details |= {"cache_write_tokens": usage.cache_write} if usage.cache_write else {}
    return {
        "input_tokens": prompt,
        "input_tokens_details": details,
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning or 0},
        "total_tokens": prompt + output,
    }
