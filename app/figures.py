"""What one exchange saved and was billed, worked out the same way for every screen."""

from proxy.exchange import Tokens
from proxy.record import Record

HITS = ("exact", "semantic")  # cache states that mean: the cache answered


def sent(row: Record) -> Tokens:
    """The input tokens that went upstream, estimated: none where the cache answered."""
    return Tokens() if row.cache in HITS else row.after


def saved_tokens(row: Record) -> int:
    """Input tokens that did not go upstream, estimated; none of a replay, which nobody needed."""
    if row.replayed:
        return 0
    return row.before.total - sent(row).total if row.before.total else row.rewrite.saved


def billed_tokens(row: Record) -> int:
    """Tokens that the provider billed, measured: input, cached input and output."""
    usage = row.usage
    counts = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    return sum(count for count in counts if count)
