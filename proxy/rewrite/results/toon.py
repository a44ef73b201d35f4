"""JSON as TOON: tables say their keys once."""

from typing import Final

import orjson
import toons

from proxy.rewrite.results.technique import Technique, looks_like_json

LARGEST: Final = 600_000  # characters: beyond, writing and checking take too long


def toon(text: str) -> str | None:
    """Compact JSON as TOON; None where it does not decode to the same JSON.

    Text that is not written as orjson writes it (1.10, a key twice) is left alone: comparing
    with it is how the decoded value is checked, to the digit and in order.
    """
    if len(text) > LARGEST:
        return None
    try:
        given = text.encode()
        value = orjson.loads(given)
        if orjson.dumps(value) != given:
            return None
        made: str = toons.dumps(value)
        return made if orjson.dumps(toons.loads(made)) == given else None
    except (ValueError, TypeError, RecursionError):
        return None


def restore(text: str) -> str:
    """The compact JSON that TOON stands for."""
    return orjson.dumps(toons.loads(text)).decode()


TOON: Final = Technique("toon", looks_like_json, toon, restore)
