"""A request by its sections (system, tools, messages): what each has to count, and its tokens."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import orjson
from msgspec import Struct

from proxy.dialects.model import (
    Block,
    Image,
    Message,
    Request,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.exchange import Tokens
from proxy.tokens.counter import count, estimate

IMAGE: Final = 1500  # Anthropic bills pixels / 750, 1,600 at most; a screenshot comes close to it
PER_MESSAGE: Final = 3  # the role and its marks, as OpenAI documents them
MOST: Final = 4_000_000  # characters; above it, more than any model reads, their number must do

Measure = Callable[[str | bytes], int]  # tokens of a text
Piece = str | bytes | int  # a text to count, or tokens that are known


class Sections(Struct, frozen=True):
    """Tokens of each section, the messages one by one; what stands in a request's history counts
    there, system messages too."""

    system: int
    tools: int
    messages: Sequence[int]

    @property
    def tokens(self) -> Tokens:
        return Tokens(self.system, self.tools, sum(self.messages))


def sections(request: Request, measure: Measure) -> Sections:
    """A request's tokens as `measure` counts its texts; what that raises comes through."""
    return Sections(
        of_pieces(of_blocks(request.system), measure),
        of_tools(request, measure),
        [of_message(message, measure) for message in request.messages],
    )


def of_message(message: Message, measure: Measure) -> int:
    """Estimated tokens of a message, with what surrounds it."""
    return PER_MESSAGE + of_pieces(of_blocks(message.blocks), measure)


def of_tools(request: Request, measure: Measure) -> int:
    return of_pieces(map(of_tool, request.tools), measure)


def of_pieces(pieces: Iterable[Piece], measure: Measure) -> int:
    """Estimated tokens of texts, and of pieces whose tokens are known."""
    total = 0
    for piece in pieces:
        total += piece if isinstance(piece, int) else measure(piece)
    return total


def count_request(request: Request) -> Tokens:
    """A request's input tokens. Call it off the loop, with one that no one changes meanwhile."""
    return sections(request, exact_for(request)).tokens


def estimate_request(request: Request) -> int:
    """Its input tokens by the length of what it says, tools and images included: no tokenizer."""
    return sections(request, by_length).tokens.total


def exact_for(request: Request) -> Measure:
    """The tokenizer, or for a request beyond all measure the length of its texts."""
    size = sections(request, len)
    return count if size.tokens.total <= MOST else by_length


def of_blocks(blocks: Iterable[Block]) -> list[Piece]:
    """What blocks have to count: texts, or tokens where they are known."""
    pieces: list[Piece] = []
    _add(blocks, pieces)
    return pieces


def of_tool(tool: Tool) -> bytes:
    """A tool as it is counted: as it came, else its three parts."""
    return orjson.dumps(tool.raw or [tool.name, tool.description, tool.schema])


def _add(blocks: Iterable[Block], pieces: list[Piece]) -> None:
    for block in blocks:
        if isinstance(block, Text):
            pieces.append(block.text)
        elif isinstance(block, ToolResult):
            _add(block.content, pieces)
        elif isinstance(block, ToolCall):
            pieces += (block.name, block.arguments)
        elif isinstance(block, Image):
            pieces.append(IMAGE)
        elif isinstance(block, Thinking):
            pieces += (block.text, estimate(len(block.redacted)))
        else:
            pieces.append(_other(block.raw))


def _other(raw: dict[str, Any]) -> bytes | int:
    """An unknown block as JSON; one that carries a file in base64 as if it were an image."""
    source = raw.get("source")
    if isinstance(source, dict) and source.get("type") == "base64":
        return IMAGE
    return orjson.dumps(raw)


def by_length(text: str | bytes) -> int:
    """Tokens by the length of a text alone."""
    return estimate(len(text))
