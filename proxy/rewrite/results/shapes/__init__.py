"""JSON whose like objects say their keys once, wherever in it they stand; a table says more once:
values that are the same in all rows, texts that come again, what all texts of a column share."""

from typing import Final

import orjson

from proxy.rewrite.results.shapes.read import read
from proxy.rewrite.results.shapes.write import HEADER, write
from proxy.rewrite.results.technique import Technique, looks_like_json

LARGEST: Final = 150_000  # characters: beyond, walking through all of it takes too long


def shapes(text: str) -> str | None:
    """Compact JSON in that form; None where it does not fit or does not read back the same.

    Text that is not written as orjson writes it (1.10, a key twice) is left alone: comparing
    with it is how what was read back is checked, to the digit and in order.
    """
    if len(text) > LARGEST:
        return None
    try:
        given = text.encode()
        value = orjson.loads(given)
        if orjson.dumps(value) != given:
            return None
        made = write(value)
        return made if made and orjson.dumps(read(made)) == given else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def restore(text: str) -> str:
    """The compact JSON that was written as `text`."""
    return orjson.dumps(read(text)).decode()


SHAPES: Final = Technique("shapes", looks_like_json, shapes, restore)

__all__ = ["HEADER", "SHAPES", "shapes"]
