"""Tool results in fewer tokens: one file a technique, in the order in which they are tried."""

from proxy.rewrite.results.compact import COMPACT
from proxy.rewrite.results.memo import Memo
from proxy.rewrite.results.technique import Shrunk, Technique
from proxy.rewrite.results.toon import TOON

TECHNIQUES: tuple[Technique, ...] = (COMPACT, TOON)

SMALLEST = 200  # characters: below this, nothing worth the work is to be had
LARGEST = 2_000_000  # characters: above this a result passes as it came

_LOOKS = tuple(dict.fromkeys(technique.looks for technique in TECHNIQUES))
_MEMO = Memo(8_000_000)


def worth_trying(text: str) -> bool:
    """Whether a technique may fit, by size and by the first and last characters alone."""
    return SMALLEST <= len(text) <= LARGEST and any(look(text) for look in _LOOKS)


def is_known(text: str) -> bool:
    """Whether `shrink` has this text's answer at hand."""
    return text in _MEMO


def shrink(text: str) -> Shrunk | None:
    """`text` as the techniques leave it, each working on what the last one made; None if as it was.

    A pure function of `text`: no clock, no tokenizer, nothing of this machine.
    """
    return _MEMO(text, _shrink)


def _shrink(text: str) -> Shrunk | None:
    shrunk = None
    for technique in TECHNIQUES:
        made = technique.apply(text) if technique.looks(text) else None
        if made is not None and len(made) < len(text):
            text, shrunk = made, Shrunk(made, technique.name)
    return shrunk
