"""The C library's heap: few parts for all threads, and what start-up freed goes back to the system.

Each thread would have a part of its own, with holes of its own. Only glibc can be told.
"""

import ctypes
from functools import cache
from typing import Final

_ARENA_MAX: Final = -8  # of mallopt
_PARTS: Final = 2


@cache
def _libc() -> ctypes.CDLL | None:
    try:
        found = ctypes.CDLL(None)
        return found if found.mallopt and found.malloc_trim else None
    except (OSError, TypeError, AttributeError):
        return None


def few_parts() -> None:
    """Threads that start from now on share the parts that there are; call it before they do."""
    if libc := _libc():
        libc.mallopt(_ARENA_MAX, _PARTS)


def trim() -> None:
    """Give back what is free. For a thread, once: it takes some milliseconds."""
    if libc := _libc():
        libc.malloc_trim(0)
