"""A long log by its beginning, its end, and the lines in between that tell of trouble."""

import re
from typing import Final

from proxy.rewrite.abridge.gist import Gist, ends_of, kept
from proxy.rewrite.abridge.view import Line

_LONG: Final = 120  # lines
_HEAD, _TAIL = 25, 40
_MOST: Final = 60  # lines of trouble
_AROUND: Final = 1  # lines before and after each
_TROUBLE: Final = re.compile(
    r"(?i)\b(?:error|err!|fail(?:ed|ure|s)?|fatal|warn(?:ing)?|exception|traceback|panic(?:ked)?"
    r"|denied|refused|timed? ?out|not found|cannot|undefined|deprecated|conflict|killed)\b"
)


def log_gist(lines: list[Line]) -> Gist | None:
    if len(lines) <= _LONG:
        return None
    trouble = [at for at, line in enumerate(lines) if _TROUBLE.search(line.text[:1_000])]
    around = {
        near
        for at in trouble[:_MOST]
        for near in range(max(0, at - _AROUND), min(len(lines), at + _AROUND + 1))
    }
    return kept(lines, ends_of(lines, _HEAD, _TAIL) | around)
