"""What one exchange saved and was billed, worked out the same way for every screen."""

from proxy.record import Record

HITS = ("exact", "semantic")  # cache states that mean: the cache answered


def saved_tokens(row: Record) -> int:
    """Input tokens that did not go upstream, estimated: all of them where the cache answered."""
    if row.cache in HITS:
        return row.before.total
    return row.before.total - row.after.total if row.before.total else row.rewrite.saved


def billed_tokens(row: Record) -> int:
    """Tokens that the provider billed, measured: input, cached input and output."""
    usage = row.usage
    counts = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    return sum(count for count in counts if count)
