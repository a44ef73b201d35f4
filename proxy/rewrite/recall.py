"""The tool by which a model gets back what `balanced` left out of a result."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any, Final

import orjson

from proxy.dialects.model import Tool
from proxy.rewrite.abridge.view import Line, view
from proxy.rewrite.recall_store import Originals

NAME: Final = "lynkr_recall"
MOST_LINES: Final = 400  # in one answer
MOST_CHARACTERS: Final = 40_000

_RANGE: Final = re.compile(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})?\s*)?")
_ID: Final = re.compile(r"r[0-9a-f]{12}")

TOOL: Final = Tool(
    NAME,
    "Brings back what was left out of an earlier tool result. Give the id that the result names, "
    "and either lines, as their numbers stand there, or text to search for.",
    {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "lines": {"type": "string", "description": "such as 41-160, or 1-20,300"},
            "search": {"type": "string", "description": "text in the lines wanted, in any case"},
        },
        "required": ["id"],
    },
)


class Recall:
    """Answers calls of the tool out of the store of originals."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals

    async def __call__(self, arguments: str) -> str:
        """`answer`, off the loop."""
        return await asyncio.to_thread(self.answer, arguments)

    def answer(self, arguments: str) -> str:
        """Lines with their numbers, or one plain sentence that says why there are none.

        `arguments` is the call's JSON text. Never raises; reads a file, so call it off the loop.
        """
        asked = _asked(arguments)
        if isinstance(asked, str):
            return asked
        id = str(asked["id"])
        try:
            text = self._originals.get(id)
        except OSError as error:
            return f"Recall failed: {error}. Call the tool that gave the result again."
        if text is None:
            return f"Recall failed: {id} is not kept any more. Call the tool that gave it again."
        lines = view(text)
        if asked.get("search"):
            return _matching(lines, str(asked["search"]))
        return _ranges(lines, str(asked.get("lines") or ""))


def _asked(arguments: str) -> dict[str, Any] | str:
    """The arguments, or what is wrong with them."""
    try:
        asked = orjson.loads(arguments)
    except orjson.JSONDecodeError:
        return "Recall failed: the arguments are no JSON object."
    if not isinstance(asked, dict) or not _ID.fullmatch(str(asked.get("id"))):
        return (
            "Recall failed: give the id that stands in the shortened result, such as r0123456789ab."
        )
    return asked


def _matching(lines: Sequence[Line], words: str) -> str:
    wanted = words.casefold()
    found = [line for line in lines if wanted in line.text.casefold()]
    if not found:
        return f"None of the {len(lines):,} lines has {words!r}."
    return _said(found, f"{len(found):,} of {len(lines):,} lines match")


def _ranges(lines: Sequence[Line], asked: str) -> str:
    spans = [_RANGE.fullmatch(part) for part in asked.split(",")] if asked.strip() else []
    first, last = lines[0].number, lines[-1].number
    if any(span is None for span in spans):
        return f"Recall failed: lines={asked!r} is no range; there are lines {first}-{last}."
    bounds = [_bounds(span, last) for span in spans if span] or [(first, last)]
    found = [line for line in lines if any(start <= line.number <= end for start, end in bounds)]
    if not found:
        return f"Recall failed: there are only lines {first}-{last}."
    return _said(found, f"{len(found):,} of {len(lines):,} lines")


def _bounds(span: "re.Match[str]", last: int) -> tuple[int, int]:
    """`5` is one line, `5-9` are five, `5-` is all from there."""
    start = int(span.group(1))
    if "-" not in span.group():
        return start, start
    return start, int(span.group(2)) if span.group(2) else last


def _said(found: Sequence[Line], title: str) -> str:
    """The lines under a title; where they are too many, the title says from where to go on."""
    shown: list[str] = []
    size = 0
    for line in found[:MOST_LINES]:
        text = _numbered(line)
        if shown and size + len(text) > MOST_CHARACTERS:
            break
        shown.append(text)
        size += len(text)
    if len(shown) < len(found):
        title += f"; these are the first {len(shown):,}, go on at line {found[len(shown)].number}"
    return "\n".join([f"[{title}]", *shown])


def _numbered(line: Line) -> str:
    """A line with its number in front, once."""
    if line.text.lstrip(" ").startswith((f"{line.number}→", f"{line.number}\t")):
        return line.text
    return f"{line.number}\t{line.text}"
