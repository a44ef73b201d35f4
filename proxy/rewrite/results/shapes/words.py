"""How keys and plain values are spelled: as in JSON, but without quotes where none are needed."""

import re
from typing import Any, Final

import orjson

NUMBER: Final = r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?"
KEY: Final = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)
# What may stand in a word; it neither begins nor ends with a blank.
_INSIDE: Final = r'[^,()\[\]{}"\x00-\x1f]'
BARE: Final = re.compile(rf"{_INSIDE}+")
_WORD: Final = re.compile(rf"(?=[^\s*]){_INSIDE}+(?<!\s)")
_NO_WORD: Final = re.compile(rf"{NUMBER}|true|false|null")
STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')

PLAIN: Final = (str, int, float, bool, type(None))


def word(text: str) -> str:
    """A string, without quotes where it can't be taken for anything else."""
    if _WORD.fullmatch(text) and not _NO_WORD.fullmatch(text):
        return text
    return orjson.dumps(text).decode()


def piece(text: str) -> str:
    """A part of a string, where nothing but a string can stand: digits need no quotes."""
    return text if _WORD.fullmatch(text) else orjson.dumps(text).decode()


def plain(value: Any) -> str:
    """A value that is neither object nor array."""
    return word(value) if isinstance(value, str) else orjson.dumps(value).decode()


def key(name: str) -> str:
    return name if KEY.fullmatch(name) else orjson.dumps(name).decode()


def meant(spelled: str) -> Any:
    """What `word` or `plain` spelled without quotes."""
    return orjson.loads(spelled) if _NO_WORD.fullmatch(spelled) else spelled
