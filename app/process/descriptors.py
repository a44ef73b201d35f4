"""Room for many streams at once: a shell lets a program open few files; each stream takes two."""

import resource
from contextlib import suppress
from typing import Final

ENOUGH: Final = 8_192  # descriptors; [load] allows 1,000 requests


def make_room() -> None:
    """Raise this process's limit, as far as the system lets it."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if most == resource.RLIM_INFINITY else min(ENOUGH, most)
    if now == resource.RLIM_INFINITY or now >= wanted:
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
