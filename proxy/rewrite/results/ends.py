"""What several texts share at their beginning and at their end, whole words and numbers only."""

import re
from collections.abc import Sequence
from os.path import commonprefix
from typing import Final

_RUN: Final = re.compile(r"(?:\d+|[^\W\d_]+)\Z")


def ends(texts: Sequence[str]) -> tuple[str, str]:
    """The prefix and the suffix of all `texts`; they overlap in none."""
    before = _whole(commonprefix(texts), texts)
    turned = [text[len(before) :][::-1] for text in texts]
    return before, _whole(commonprefix(turned), turned)[::-1]


def _whole(start: str, texts: Sequence[str]) -> str:
    """`start` without the letters or digits at its end that go on in one of the texts."""
    run = _RUN.search(start)
    if run is None:
        return start
    goes_on = str.isdigit if run.group().isdigit() else str.isalpha
    cut = any(goes_on(text[len(start) : len(start) + 1]) for text in texts)
    return start[: run.start()] if cut else start
