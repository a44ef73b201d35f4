"""JSON without the blanks and escapes it does not need; every number stays as it was written."""

import re
from typing import Final

import orjson

from proxy.rewrite.results.technique import Technique, looks_like_json

_STRING: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRINGS: Final = re.compile(_STRING)
_ALL_BUT_BLANKS: Final = re.compile(rf'[^"\s]++|{_STRING}')


def compact(text: str) -> str | None:
    """The same JSON value in fewer characters; None for what is not JSON.

    Numbers that would come out otherwise (1.10, 1e5, past 64 bits) and keys that stand twice keep
    their spelling: only the blanks between go.
    """
    try:
        value = orjson.dumps(orjson.loads(text))
        made = value.decode()
        if made == text:
            return made
        if _STRINGS.sub('"', made) != "".join(_STRINGS.sub('"', text).split()):
            made = "".join(_ALL_BUT_BLANKS.findall(text))
        return made if orjson.dumps(orjson.loads(made)) == value else None
    except (ValueError, TypeError, RecursionError):
        return None


COMPACT: Final = Technique("compact_json", looks_like_json, compact, only_omits=True)
