"""The catalog: one row a kind of provider, saying how its API is spoken to."""

from proxy.providers.catalog import claude, clouds, hosts, local, responses
from proxy.providers.catalog.kind import Auth, Kind

__all__ = ["KINDS", "Auth", "Kind", "belongs", "is_marked"]

KINDS: dict[str, Kind] = {
    **claude.ROWS,
    **clouds.ROWS,
    **responses.ROWS,
    **hosts.ROWS,
    **local.ROWS,
}

_MARKS = sorted({mark for row in KINDS.values() for mark in row.key_marks}, key=len, reverse=True)


def belongs(key: str, kind: Kind) -> bool:
    """Whether a key, or the header beside one, may be of this kind: what bears another vendor's
    mark is not."""
    mark = _mark(key)
    return mark is None or mark in kind.key_marks


def is_marked(key: str, kind: Kind) -> bool:
    """Whether a key, or the header beside one, bears this kind's own mark."""
    return _mark(key) in kind.key_marks


def _mark(key: str) -> str | None:
    return next((mark for mark in _MARKS if key.startswith(mark)), None)
