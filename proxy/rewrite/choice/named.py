"""Which tools a person's words name: by name, in marks, or by the server that they come from."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from proxy.dialects.model import Tool
from proxy.rewrite.choice.families import server_of

_PLAIN: Final = re.compile(r"[a-z]+|[A-Z][a-z]+")  # as any word of a sentence is spelt
_EDGE: Final = r"[\w]"
_SHORTEST: Final = 3  # letters of a server's name that may stand in a sentence

Named = Callable[[str], set[int]]


def finder(tools: Sequence[Tool]) -> Named:
    """Finds the numbers of the tools that a text names."""
    exact, loose = _spellings(tools)

    def named(text: str) -> set[int]:
        lower = text.lower()
        return {
            number
            for spellings, said in ((exact, text), (loose, lower))
            for number, spelling in spellings
            if spelling in said and _stands_alone(spelling, said)
        }

    return named


def _spellings(tools: Sequence[Tool]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """How each tool may be named: as spelt, or (a name that is no plain word) in any case."""
    exact: list[tuple[int, str]] = []
    loose: list[tuple[int, str]] = []
    for number, tool in enumerate(tools):
        if not tool.name:
            continue
        if _PLAIN.fullmatch(tool.name):
            exact.append((number, tool.name))
            loose += [(number, mark.format(tool.name.lower())) for mark in ("@{}", "`{}`", "/{}")]
        else:
            loose.append((number, tool.name.lower()))
        server = server_of(tool.name).lower()
        if server:
            loose.append((number, tool.name[len("mcp__") + len(server) + 2 :].lower() or server))
        if len(server) >= _SHORTEST:
            loose.append((number, server))
    return exact, loose


def _stands_alone(spelling: str, said: str) -> bool:
    return bool(re.search(rf"(?<!{_EDGE}){re.escape(spelling)}(?!{_EDGE})", said))
