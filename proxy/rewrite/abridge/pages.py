"""A long page of prose by its beginning, its headings, and what each section opens with."""

import re
from typing import Final

from proxy.rewrite.abridge.gist import Gist, kept
from proxy.rewrite.abridge.view import Line

_LONG: Final = 6_000  # characters
_HEAD: Final = 2_000  # characters
_HEADING: Final = re.compile(r"#{1,6} \S")


def page_gist(lines: list[Line]) -> Gist | None:
    """None for what is short, or has no headings: it is no page."""
    headings = [at for at, line in enumerate(lines) if _HEADING.match(line.text)]
    if len(headings) < 3 or sum(len(line.text) for line in lines) < _LONG:
        return None
    places = {at for heading in headings for at in (heading, _opening(lines, heading))}
    return kept(lines, places | _head(lines))


def _opening(lines: list[Line], heading: int) -> int:
    """The first line of text below a heading."""
    for at in range(heading + 1, min(heading + 4, len(lines))):
        if lines[at].text.strip():
            return at
    return heading


def _head(lines: list[Line]) -> set[int]:
    size, at = 0, 0
    while at < len(lines) and size < _HEAD:
        size += len(lines[at].text)
        at += 1
    return set(range(at))
