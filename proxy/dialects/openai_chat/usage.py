"""Token counts between Chat's spelling and the neutral one; what was not said stays unknown."""

from proxy.dialects.model import Body, Json, Usage
from proxy.dialects.openai.counts import count_at, first_count, known, total

# Where providers report what their prompt cache gave and took, most usual first.
_READ = (
    ("prompt_tokens_details", "cached_tokens"),
    ("prompt_cache_hit_tokens",),  # DeepSeek
    ("cached_tokens",),  # Moonshot
)
_WRITE = (
    ("prompt_tokens_details", "cache_write_tokens"),
    ("prompt_tokens_details", "cache_creation_tokens"),
)


def read_usage(raw: Json) -> Usage:
    """Usage of a Chat `usage` object; `input` is what was neither read from nor put in a cache."""
    if not isinstance(raw, dict):
        return Usage()
    read, write = first_count(raw, _READ), first_count(raw, _WRITE)
    prompt = count_at(raw, ("prompt_tokens",))
    return Usage(
        input=None if prompt is None else max(0, prompt - (read or 0) - (write or 0)),
        output=count_at(raw, ("completion_tokens",)),
        cache_read=read,
        cache_write=write,
        reasoning=count_at(raw, ("completion_tokens_details", "reasoning_tokens")),
    )


def write_usage(usage: Usage) -> Body | None:
    """A Chat `usage` object of what is known; None where nothing is."""
    prompt = total(usage.input, usage.cache_read, usage.cache_write)
    if prompt is None and usage.output is None:
        return None
    both = None if prompt is None or usage.output is None else prompt + usage.output
    read, write = ("cached_tokens", usage.cache_read), ("cache_write_tokens", usage.cache_write)
    fields: Body = {
        "prompt_tokens": prompt,
        "completion_tokens": usage.output,
        "total_tokens": both,
        "prompt_tokens_details": known(dict((read, write))) or None,
        "completion_tokens_details": known({"reasoning_tokens": usage.reasoning}) or None,
    }
    return known(fields)
