"""A huge file by its head and the lines that define something; a moderate one stays whole."""

import re
from collections.abc import Sequence
from typing import Final

from proxy.rewrite.abridge.gist import Gist, ends_of, kept
from proxy.rewrite.abridge.view import Line

HUGE: Final = 400  # lines
_HEAD, _TAIL = 60, 10
_MOST: Final = 150  # definitions
_WIDEST: Final = 200  # characters of a line that defines something

_DEFINES: Final = re.compile(
    r"(?:\d+[→\t:]\s*|\s*\d+[→\t]\s*)?\s{0,12}"
    r"(?:(?:export|default|public|private|protected|internal|static|abstract|final|async|pub"
    r"|unsafe|override|virtual|inline|declare|const)(?:\([a-z]+\))?\s+)*"
    r"(?:def|class|function\*?|fn|func|interface|struct|enum|trait|impl|module|mod|namespace|type"
    r"|record|protocol|extension|macro_rules!|object)\s+[\w(*&<$]"
    r"|(?:\s*\d+[→\t])?(?:#{1,4} \S|@@ |diff --git |\[\[?[\w.\"-]+\]\]?\s*$"
    r"|(?:export )?const \w+ = (?:async )?\(|[A-Z_]{4,} ?[:=])"
)


def file_gist(lines: list[Line]) -> Gist | None:
    """Head, definitions with their numbers, and tail; None for a file that is not huge."""
    if len(lines) <= HUGE:
        return None
    places = ends_of(lines, _HEAD, _TAIL) | set(_outline(lines))
    return kept(lines, places, marks=not _tells_numbers(lines))


def _outline(lines: Sequence[Line]) -> list[int]:
    found = [
        at
        for at, line in enumerate(lines)
        if len(line.text) <= _WIDEST and _DEFINES.match(line.text)
    ]
    return found[:_MOST]


def _tells_numbers(lines: Sequence[Line]) -> bool:
    return lines[0].text.lstrip(" ").startswith((f"{lines[0].number}→", f"{lines[0].number}\t"))
