"""What a request would have been billed as it came: each saved token where it would have stood.

A provider that caches prompts bills what it reads from its cache for a tenth, and what it writes
there for a quarter more. So a token that a rewrite saved is priced by its place in the prompt:
among those read, among those written, or behind both. Measured tokens are the ground, saved ones
are estimated: what comes of it is an estimate.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from proxy.dialects.model import Usage
from proxy.exchange import Counts

LOW, HIGH = 0.5, 2.0  # billed tokens by estimated ones: beyond these it is no tokenizer's doing


def as_came(usage: Usage, counted: Counts, lost: int = 0) -> Usage:
    """`usage` as it would have been without the rewrite, output and all.

    `lost` are tokens that had to be written anew because of a rewrite: as it came, the request
    would have read them. Where the input was not measured, neither is this.
    """
    if usage.input is None:
        return usage
    read, written = usage.cache_read or 0, usage.cache_write or 0
    ratio = _ratio(usage.input + read + written, counted.after.total)
    saved = _by_price(
        ((at * ratio, tokens * ratio) for at, tokens in counted.places), read, written
    )
    regained = min(lost, written + usage.input)
    kept = max(0, written - regained)
    return replace(
        usage,
        input=max(0, round(usage.input - (regained - (written - kept)) + saved[2])),
        cache_read=_told(usage.cache_read, max(0, round(read + regained + saved[0]))),
        cache_write=_told(usage.cache_write, max(0, round(kept + saved[1]))),
    )


def _ratio(billed: int, estimated: int) -> float:
    return min(max(billed / estimated, LOW), HIGH) if billed and estimated else 1.0


def _by_price(
    places: Iterable[tuple[float, float]], read: int, written: int
) -> tuple[float, float, float]:
    """The saved tokens that would have been read, written, and neither."""
    sums = [0.0, 0.0, 0.0]
    for at, saved in places:
        sums[(at > read) + (at > read + written)] += saved
    return sums[0], sums[1], sums[2]


def _told(before: int | None, after: int) -> int | None:
    """What a provider never told stays untold while it is nothing."""
    return after if after or before is not None else None
