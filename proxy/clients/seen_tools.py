"""Reads JSON bodies whose tools stood in an earlier one: what is the same is read once.

A client sends its tools with each request. They are half of a coding agent's body, and more of the
time that it takes to read.
"""

from secrets import token_hex
from typing import Any, Final, NamedTuple

import orjson

from proxy.dialects.model import Body

MOST: Final = 4  # lists of tools
SMALLEST: Final = 2_000  # bytes of one
LARGEST: Final = 300_000

_KEY: Final = b'"tools":['
_STAND_IN: Final = token_hex(16)  # no client can say it
_PUT_IN: Final = b'"tools":"%b"' % _STAND_IN.encode()


class _Seen(NamedTuple):
    text: bytes  # from the key on
    tools: list[Any]


class SeenTools:
    """The newest lists of tools, as they came and as they were read. Nobody may change one."""

    def __init__(self, smallest: int = SMALLEST) -> None:
        self._smallest = smallest
        self._seen: tuple[_Seen, ...] = ()

    def loads(self, raw: bytes) -> Any:
        """What `orjson.loads` gives, and raises."""
        at = raw.find(_KEY)
        if at < 0:
            return orjson.loads(raw)
        seen = next((one for one in self._seen if raw.startswith(one.text, at)), None)
        if seen is not None and (body := _filled(raw, at, seen)) is not None:
            return body
        body = orjson.loads(raw)
        if seen is None and isinstance(body, dict):
            self._learn(raw, at, body.get("tools"))
        return body

    def _learn(self, raw: bytes, at: int, tools: Any) -> None:
        try:
            text = b'"tools":' + orjson.dumps(tools)
        except TypeError:  # nested too deep to be written
            return
        if self._smallest <= len(text) <= LARGEST and raw.startswith(text, at):
            self._seen = (_Seen(text, tools), *self._seen[: MOST - 1])


def _filled(raw: bytes, at: int, seen: _Seen) -> Body | None:
    """The body, read around its tools; None where they are not what they seem: within another
    value, or said twice."""
    try:
        body = orjson.loads(b"".join((raw[:at], _PUT_IN, raw[at + len(seen.text) :])))
    except orjson.JSONDecodeError:
        return None  # its place is told as it came
    if not isinstance(body, dict) or body.get("tools") != _STAND_IN:
        return None
    body["tools"] = seen.tools
    return body
