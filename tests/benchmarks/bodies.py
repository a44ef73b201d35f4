"""Synthetic requests: a short question, and 50 KB of a coding agent at work."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import orjson

MODEL = "claude-sonnet-4-5"
TOOLS = 20
ROUNDS = 15  # of a call and its result, after the question
LONG = 84  # of them, for 200 KB
SERIAL = b"#00000000"  # stands in each body, so that no two requests are the same
_NUMBERS = count(1)

_SYSTEM = (
    "You are a coding agent in the user's terminal. Read before you edit, keep changes small, "
    "follow the style of the code around you, and run the tests when you are done. "
)
_TOPICS = ("file", "search", "shell", "web", "notes")
_VERBS = ("Read", "Write", "List", "Query")
_LINES = (
    "def settle(invoice: Invoice, paid: Decimal) -> Invoice:",
    "    remaining = invoice.total - paid",
    "    if remaining < 0:",
    '        raise ValueError(f"overpaid by {-remaining}")',
    "    return replace(invoice, paid=invoice.paid + paid)",
    "",
)


def short(stream: bool = False) -> bytes:
    """One question, no tools: what a chat window sends."""
    return _dumps(
        {
            "model": MODEL,
            "max_tokens": 256,
            "stream": stream,
            "messages": [{"role": "user", "content": f"Why is the sky blue? {SERIAL.decode()}"}],
        }
    )


def coding(rounds: int = ROUNDS, stream: bool = True) -> bytes:
    """20 tools, and of 15 rounds 31 messages: about 50 KB."""
    return _dumps(
        {
            "model": MODEL,
            "max_tokens": 32000,
            "stream": stream,
            "system": [{"type": "text", "text": _SYSTEM * 4}],
            "tools": [_tool(number) for number in range(TOOLS)],
            "messages": [_question(), *_rounds(rounds)],
        }
    )


def numbered(body: bytes) -> Iterator[bytes]:
    """`body` again and again, each time with a serial number that no body had before: else a cache
    would answer."""
    head, tail = body.split(SERIAL)
    return (b"%b#%08d%b" % (head, number, tail) for number in _NUMBERS)


def _dumps(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body)


def _question() -> dict[str, Any]:
    text = "Please fix the rounding in settle() in billing/invoice.py and run its tests."
    return {"role": "user", "content": [{"type": "text", "text": text}]}


def _rounds(rounds: int) -> Iterator[dict[str, Any]]:
    """Calls and results by turns; the newest result is new in each request."""
    for number in range(rounds):
        serial = SERIAL.decode() if number == rounds - 1 else f"#{number}"
        yield {"role": "assistant", "content": [_says(number), _call(number)]}
        yield {"role": "user", "content": [_result(number, serial)]}


def _says(number: int) -> dict[str, Any]:
    return {"type": "text", "text": f"Step {number}: I look at the next part of the module."}


def _call(number: int) -> dict[str, Any]:
    path = {"path": f"billing/part_{number}.py", "limit": 200}
    return {"type": "tool_use", "id": f"toolu_{number:04}", "name": "ReadFile", "input": path}


def _result(number: int, serial: str) -> dict[str, Any]:
    lines = [f"{serial} part {number}", *(_LINES * 7)]
    text = "\n".join(f"{at + 1:>4}\t{line}" for at, line in enumerate(lines))
    return {"type": "tool_result", "tool_use_id": f"toolu_{number:04}", "content": text}


def _tool(number: int) -> dict[str, Any]:
    name = _VERBS[number % 4] + _TOPICS[number % 5].title()
    return {
        "name": name if number else "ReadFile",
        "description": f"{name} works on what the user has in the project. " * 6,
        "input_schema": {
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "Absolute path, no symbolic links."},
                "limit": {"type": "integer", "minimum": 1, "description": "Lines at most."},
                "mode": {"type": "string", "enum": ["plain", "numbered", "tree"]},
                "filter": {
                    "type": "object",
                    "properties": {
                        "glob": {"type": "string", "description": "Pattern such as **/*.py"},
                        "case": {"type": "boolean", "default": False},
                        "since": {"type": "string", "format": "date-time"},
                    },
                    "required": ["glob"],
                },
            },
            "required": ["path"],
            "additionalProperties": False,
        },
    }
