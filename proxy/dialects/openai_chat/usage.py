"""Token counts between Chat's spelling and the neutral one; what was not said stays unknown."""

from proxy.dialects.model import Body, Json, Usage

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
    read, write = _first(raw, _READ), _first(raw, _WRITE)
    prompt = _count(raw, ("prompt_tokens",))
    return Usage(
        input=None if prompt is None else max(0, prompt - (read or 0) - (write or 0)),
        output=_count(raw, ("completion_tokens",)),
        cache_read=read,
        cache_write=write,
        reasoning=_count(raw, ("completion_tokens_details", "reasoning_tokens")),
    )


def _first(raw: Body, paths: tuple[tuple[str, ...], ...]) -> int | None:
    counts = (_count(raw, path) for path in paths)
    return next((count for count in counts if count is not None), None)


def _count(raw: Json, path: tuple[str, ...]) -> int | None:
    for step in path:
        raw = raw.get(step) if isinstance(raw, dict) else None
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else None


def write_usage(usage: Usage) -> Body | None:
    """A Chat `usage` object of what is known; None where nothing is."""
    prompt = _sum(usage.input, usage.cache_read, usage.cache_write)
    if prompt is None and usage.output is None:
        return None
    total = None if prompt is None or usage.output is None else prompt + usage.output
    read, write = ("cached_tokens", usage.cache_read), ("cache_write_tokens", usage.cache_write)
    fields: Body = {
        "prompt_tokens": prompt,
        "completion_tokens": usage.output,
        "total_tokens": total,
        "prompt_tokens_details": _known(dict((read, write))) or None,
        "completion_tokens_details": _known({"reasoning_tokens": usage.reasoning}) or None,
    }
    return _known(fields)


def _sum(first: int | None, *others: int | None) -> int | None:
    return None if first is None else first + sum(other or 0 for other in others)


def _known(fields: Body) -> Body:
    return {name: value for name, value in fields.items() if value is not None}
