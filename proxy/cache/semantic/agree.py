"""Whether two answers to what may be one question say the same."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from proxy.cache.guard import Sense

LIKE: Final = 0.85  # cosine from which two answers say the same
UNLIKE: Final = 0.65  # below it they don't; between the two nobody can tell
_SHORT: Final = 200  # characters: of short answers the numbers are the answer
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_YES_NO: Final = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)


def agree(one: "Sense", other: "Sense") -> bool | None:
    """True, False, or None where it can't be told."""
    if _opening(one.text) != _opening(other.text):
        return False
    if max(len(one.text), len(other.text)) <= _SHORT and _numbers(one.text) != _numbers(other.text):
        return False
    cosine = float(one.vector @ other.vector)
    return True if cosine >= LIKE else False if cosine < UNLIKE else None


def _opening(text: str) -> str:
    found = _YES_NO.match(text)
    return found[1].lower() if found else ""


def _numbers(text: str) -> list[str]:
    return sorted(_NUMBER.findall(text))
