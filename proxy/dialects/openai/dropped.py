"""What no OpenAI-style provider can be told, in words."""

from collections.abc import Callable, Iterator

from proxy.dialects.foreign import foreign_text
from proxy.dialects.model import Image, Other, Request, Tool, ToolResult, place_of
from proxy.dialects.quirks import Quirks


def images(request: Request, quirks: Quirks) -> Iterator[str]:
    blocks = [block for message in request.messages for block in message.blocks]
    inner = [b for r in blocks if isinstance(r, ToolResult) for b in r.content]
    if not quirks.images and any(isinstance(block, Image) for block in blocks + inner):
        yield "images: the model sees none"


def tools(request: Request, sendable: list[Tool]) -> Iterator[str]:
    for tool in request.tools:
        if tool not in sendable:
            yield f"tool {tool.name}: it runs at another provider"
    choice, left = request.tool_choice, [tool.name for tool in sendable]
    if choice and choice.mode == "tool" and choice.name not in left:
        yield f"tool_choice {choice.name}: that tool is not offered"


def blocks(request: Request, sent: Callable[[Other], bool] = lambda block: False) -> Iterator[str]:
    """What other dialects' blocks come to, apart from those that are `sent` as they are."""
    for number, message in enumerate(request.messages):
        for block in message.blocks:
            inner = block.content if isinstance(block, ToolResult) else [block]
            yield from (
                _other(b, place_of(number, message))
                for b in inner
                if isinstance(b, Other) and not sent(b)
            )


def _other(block: Other, place: str) -> str:
    told = "told as text" if foreign_text(block.raw) is not None else "can't be sent"
    return f"{block.place or place}: {block.raw.get('type')} {told}"
