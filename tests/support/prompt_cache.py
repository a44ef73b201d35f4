"""A model of Claude's prompt cache: what a provider would bill for each body, by its rules.

The prompt is its tools, its system prompt and its messages, in this order. A mark (`cache_control`)
keeps the prompt up to its block, of 1,024 tokens or more, for five minutes from its last use. A
request reads the longest prompt that was kept at one of its marks, or at one of the twenty blocks
before it; what follows, up to its last mark, is written, and the rest is plain input.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

import orjson

from proxy.dialects.model import Usage
from proxy.tokens.counter import count

Body = dict[str, Any]

LEAST: Final = 1_024  # tokens
LIFE: Final = 300.0  # seconds
LOOKBACK: Final = 20  # blocks
MOST_MARKS: Final = 4


@dataclass(slots=True)
class PromptCache:
    """One provider's cache. `kept` are digests of prompts, and when each was used last."""

    kept: dict[bytes, float] = field(default_factory=dict)

    def bill(self, body: Body, now: float, output: int = 0) -> Usage:
        """What a body costs in tokens at the moment `now`, in seconds."""
        digests, sizes, marks = _prefixes(body)
        assert len(marks) <= MOST_MARKS, "a provider refuses more"
        hit = next((at for mark in reversed(marks) for at in self._found(mark, digests, now)), None)
        read = 0 if hit is None else sizes[hit]
        keeps = [mark for mark in marks if sizes[mark] >= LEAST]
        end = max(read, sizes[keeps[-1]] if keeps else 0)
        for at in keeps if hit is None else [hit, *keeps]:
            self.kept[digests[at]] = now
        total = sizes[-1] if sizes else 0
        return Usage(input=total - end, output=output, cache_read=read, cache_write=end - read)

    def _found(self, mark: int, digests: list[bytes], now: float) -> Iterator[int]:
        for at in range(mark, max(mark - LOOKBACK, 0) - 1, -1):
            if now - self.kept.get(digests[at], -LIFE) < LIFE:
                yield at


def _prefixes(body: Body) -> tuple[list[bytes], list[int], list[int]]:
    """Of each block: the digest and the tokens of the prompt up to it; and which are marked."""
    digests, sizes, marks = [], [], []
    running, size = blake2b(digest_size=16), 0
    for at, (place, block) in enumerate(_blocks(body)):
        text = orjson.dumps(_plain(block))
        running.update(place.encode() + b"\0" + text + b"\0")
        size += count(text)
        digests.append(running.digest())
        sizes.append(size)
        if "cache_control" in block:
            marks.append(at)
    return digests, sizes, marks


def _blocks(body: Body) -> Iterator[tuple[str, Body]]:
    """Every block in the order of the prompt, with what it is a part of."""
    for tool in body.get("tools") or ():
        yield "tool", tool
    for block in _listed(body.get("system") or []):
        yield "system", block
    for number, message in enumerate(body["messages"]):
        for block in _listed(message["content"]):
            yield f"{number} {message['role']}", block


def _listed(content: str | list[Body]) -> list[Body]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _plain(value: Any) -> Any:
    """Without marks: they are no part of what is kept."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != "cache_control"}
    return value
