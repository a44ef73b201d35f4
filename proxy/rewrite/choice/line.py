"""A stripped tool in one line: its signature and what it is for."""

import re
from typing import Final

from proxy.dialects.model import Tool

LONGEST: Final = 160  # characters of a line
_NAME: Final = 80
_SIGNATURE: Final = 60  # characters that parameters may take
_SENTENCE: Final = 70
_MOST_PARAMETERS: Final = 5

_BLANKS: Final = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+")
_END: Final = re.compile(r"[.!?](?:\s|$)|[:;]\s|\n\s*\n")


def line_of(tool: Tool) -> str:
    """`Name(param, optional?): what it is for`, 160 characters at most."""
    told = _sentence(tool.description)
    line = f"{_cut(_plain(tool.name), _NAME)}{_signature(tool)}"
    return _cut(f"{line}: {told}" if told else line, LONGEST)


def _signature(tool: Tool) -> str:
    properties = tool.schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return ""
    required = tool.schema.get("required")
    wanted = {str(one) for one in required} if isinstance(required, list) else set()
    names = sorted((_plain(str(name)) for name in properties), key=lambda one: one not in wanted)
    said = [name if name in wanted else f"{name}?" for name in names]
    shown = said[:_MOST_PARAMETERS]
    while len(shown) > 1 and len(", ".join(shown)) > _SIGNATURE:
        shown.pop()
    more = ", …" if len(shown) < len(said) else ""
    return f"({_cut(', '.join(shown), _SIGNATURE)}{more})"


def _sentence(description: str) -> str:
    text = description.strip()
    end = _END.search(text, 8)
    return _cut(_plain(text[: end.start()] if end else text[: 4 * _SENTENCE]), _SENTENCE)


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _cut(text: str, longest: int) -> str:
    """`text`, or as many whole words of it as fit."""
    if len(text) <= longest:
        return text
    room = longest - 1
    head = text[:room].rsplit(" ", 1)[0] if " " in text[room // 2 : room] else text[:room]
    return head.rstrip(" ,;:") + "…"
