"""Where a result came from, as far as it decides what may be done to it."""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from proxy.dialects.model import ToolCall
from proxy.rewrite.results.quoting import commands_of, is_reader, must_be_exact

_PART: Final = re.compile(
    r'"(?:offset|limit|start_?line|end_?line|view_range|line_range|lines|range)"\s*:\s*[^n\s]',
    re.IGNORECASE,
)
_LONGEST: Final = 2_000  # characters of arguments that are remembered with their verdict


class Source(Struct, frozen=True):
    """`exact`: its characters must stay, it may be a file's text. `numbered`: its tool, or its
    command, puts line numbers in front. `part`: the model asked for certain lines of it. `tool` and
    `command` as the call had them."""

    exact: bool
    numbered: bool = False
    part: bool = False
    tool: str = ""
    command: str = ""


UNKNOWN: Final = Source(exact=True)
OUTPUT: Final = Source(exact=False)


def source_of(call: ToolCall | None) -> Source:
    """What is known of the result of `call`; nothing of a call that is not there."""
    if call is None:
        return UNKNOWN
    known = _remembered if len(call.arguments) <= _LONGEST else _source
    return known(call.name, call.arguments)


def _source(name: str, arguments: str) -> Source:
    call = ToolCall("", name, arguments)
    exact = must_be_exact(call)
    command = commands_of(call)
    numbered = is_reader(name) or (exact and ("cat -n" in command or "nl " in command))
    return Source(exact, numbered, bool(_PART.search(arguments)), name, command)


_remembered = lru_cache(maxsize=4_096)(_source)
