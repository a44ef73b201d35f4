"""What a Chat provider can't be told, in words: for a re-route, or for the person watching."""

from collections.abc import Iterator

from proxy.dialects.foreign import foreign_text
from proxy.dialects.model import Image, Other, Request, ToolResult
from proxy.dialects.openai_chat.request_in import NAME
from proxy.dialects.openai_chat.tools_out import callable_tools
from proxy.dialects.quirks import DEFAULT, Quirks


def dropped(request: Request, quirks: Quirks = DEFAULT) -> list[str]:
    """Everything `build` leaves out, replaces or refuses, once each, in the request's order."""
    found = [*_images(request, quirks)]
    if request.dialect != NAME:
        found += [*_tools(request), *_fields(request, quirks), *_blocks(request)]
    return list(dict.fromkeys(found))


def _images(request: Request, quirks: Quirks) -> Iterator[str]:
    blocks = [block for message in request.messages for block in message.blocks]
    inner = [b for r in blocks if isinstance(r, ToolResult) for b in r.content]
    if not quirks.images and any(isinstance(block, Image) for block in blocks + inner):
        yield "images: the model sees none"


def _tools(request: Request) -> Iterator[str]:
    for tool in request.tools:
        if tool.kind == "server":
            yield f"tool {tool.name}: it runs at another provider"
    choice, left = request.tool_choice, [tool.name for tool in callable_tools(request)]
    if choice and choice.mode == "tool" and choice.name not in left:
        yield f"tool_choice {choice.name}: that tool is not offered"


def _fields(request: Request, quirks: Quirks) -> Iterator[str]:
    for text in request.stop[quirks.stop_limit :]:
        yield f"stop sequence {text!r}: {quirks.stop_limit} are taken"
    if request.top_k is not None and not quirks.top_k:
        yield "top_k: Chat Completions has none"


def _blocks(request: Request) -> Iterator[str]:
    for number, message in enumerate(request.messages):
        for block in message.blocks:
            inner = block.content if isinstance(block, ToolResult) else [block]
            yield from (_other(b, number) for b in inner if isinstance(b, Other))


def _other(block: Other, number: int) -> str:
    told = "told as text" if foreign_text(block.raw) is not None else "can't be sent"
    return f"messages.{number}: {block.raw.get('type')} {told}"
