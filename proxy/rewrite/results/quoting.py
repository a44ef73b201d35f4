"""Which results a model must be able to quote to the letter: the text of files it may edit."""

import re
from collections.abc import Iterator
from typing import Any, Final

import orjson

from proxy.dialects.model import ToolCall

# Tools whose results are a file's text, however they spell their name.
FILE_READERS: Final = frozenset(
    {
        "cat",
        "edit",
        "editfile",
        "fileread",
        "getfilecontent",
        "getfilecontents",
        "multiedit",
        "notebookread",
        "open",
        "openfile",
        "read",
        "readfile",
        "readfiles",
        "readmanyfiles",
        "readmultiplefiles",
        "readnotebook",
        "readtextfile",
        "strreplacebasededittool",
        "strreplaceeditor",
        "texteditor",
        "view",
        "viewfile",
        "write",
        "writefile",
    }
)

# Commands that print a file, where they open a pipeline.
_PRINTS: Final = re.compile(
    r"(?:^|&&|\|\||[;\n(])\s*(?:sudo\s+)?"
    r"(?:awk|bat|batcat|cat|cut|get-content|git\s+(?:cat-file|diff|show)|head|less|more|nl|sed"
    r"|tac|tail|type)\b",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"\bhttps?://[^\s'\"]+")
_JSON_FILE: Final = re.compile(
    r"\.(?:json[5cl]?|geojson|har|ipynb|lock|map|ndjson|webmanifest)\b|\.(?:\w+rc)\b", re.IGNORECASE
)
_ODD: Final = re.compile(r"[^a-z0-9]+")
_READ_OF_ARGUMENTS: Final = 100_000  # characters


def must_be_exact(call: ToolCall | None) -> bool:
    """Whether the result of `call` may be a file's text; an unknown call may be anything."""
    if call is None or is_reader(call.name):
        return True
    if len(call.arguments) > _READ_OF_ARGUMENTS:
        return True
    said = _ADDRESS.sub("", "\n".join(_strings(_arguments(call))))
    return bool(_PRINTS.search(said) or _JSON_FILE.search(said))


def is_reader(tool: str) -> bool:
    """Whether a tool of this name gives a file's text."""
    return _plain(tool) in FILE_READERS


def commands_of(call: ToolCall) -> str:
    """The shell command in a call's arguments; "" where there is none."""
    if len(call.arguments) > _READ_OF_ARGUMENTS:
        return ""
    given = _arguments(call)
    said = given.get("command", given.get("cmd")) if isinstance(given, dict) else None
    return "\n".join(_strings(said)) if said else ""


def _plain(name: str) -> str:
    """`mcp__files__read_text_file` → `readtextfile`."""
    return _ODD.sub("", name.rsplit("__", 1)[-1].lower())


def _arguments(call: ToolCall) -> Any:
    try:
        return orjson.loads(call.arguments)
    except orjson.JSONDecodeError:
        return call.arguments


def _strings(value: Any) -> Iterator[str]:
    left = [value]
    while left:
        at = left.pop()
        if isinstance(at, str):
            yield at
        elif isinstance(at, dict):
            left.extend(at.values())
        elif isinstance(at, list):
            left.extend(reversed(at))
