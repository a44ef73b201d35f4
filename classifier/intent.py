"""What the person wants: the last user turn with words of its own, harness blocks taken out."""

import re

from classifier.ask import Ask
from classifier.words import HARNESS_TAGS

SAMPLE = 1_500  # characters kept of each end of a long text
_OPEN = re.compile(r"<(" + "|".join(HARNESS_TAGS) + r")(?=[\s>])[^<>\n]{0,300}>")
_MOST_SPANS = 200
_SCAN = 200_000  # characters of one turn searched for harness tags


def intent(ask: Ask) -> str:
    """The person's own words, at most 2 × SAMPLE characters; empty where no user turn has any."""
    for turn in reversed(ask.turns):
        if turn.role == "user" and turn.text:
            own = own_words(turn.text)
            if own:
                return own
    return ""


def own_words(text: str) -> str:
    """`text` without harness blocks; of a long rest, its head and its tail."""
    if "<" in text:
        text = _without_blocks(text if len(text) <= _SCAN else _ends(text, _SCAN // 2))
    text = text.strip()
    return text if len(text) <= 2 * SAMPLE else _ends(text, SAMPLE)


def _ends(text: str, size: int) -> str:
    return text[:size] + "\n" + text[-size:]


def _without_blocks(text: str) -> str:
    kept: list[str] = []
    unclosed: set[str] = set()
    at = 0
    for _ in range(_MOST_SPANS):
        found = _OPEN.search(text, at)
        if not found:
            break
        kept.append(text[at : found.start()])
        close = f"</{found[1]}>"
        end = -1 if close in unclosed else text.find(close, found.end())
        if end < 0:
            unclosed.add(close)
        at = end + len(close) if end >= 0 else found.end()
    kept.append(text[at:])
    return " ".join(kept)
