"""Neutral blocks as content blocks of Converse."""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from proxy.dialects.anthropic.blocks_out import arguments
from proxy.dialects.anthropic.digits import input_of
from proxy.dialects.documents import pdf_of
from proxy.dialects.foreign import foreign_text
from proxy.dialects.model import Block, Body, Image, Other, Text, Thinking, ToolCall, ToolResult
from proxy.dialects.names import wire_id, wire_name
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest

FORMATS: Final = {
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/jpg": "jpeg",
    "image/gif": "gif",
    "image/webp": "webp",
}
FAILED: Final = "Error: "
_ODD_IN_NAME: Final = re.compile(r"[^A-Za-z0-9\s\-()\[\]]")  # what a document may not be called


class Model(Struct, frozen=True):
    """What a model on Bedrock takes, by its name; inference profiles keep the name inside."""

    name: str
    claude: bool
    caches: bool  # takes cache points
    status: bool  # takes the status of a tool result

    @classmethod
    def of(cls, name: str) -> "Model":
        claude, nova = "claude" in name, "nova" in name
        return cls(name, claude, claude or nova, claude or nova)


class Writer(Struct, frozen=True):
    """Writes blocks for one request; without tools to offer, calls are told as text, for Converse
    refuses them then."""

    model: Model
    quirks: Quirks
    calls: bool

    def said(self, block: Block, place: str) -> Iterator[Body]:
        """A block of the user's or of a system prompt, and the cache point after it."""
        told = self._told(block, place)
        if told:
            yield told
            yield from self.cache_point(getattr(block, "extra", {}))

    def cache_point(self, extra: Body) -> Iterator[Body]:
        """What cache_control says, in Converse's words."""
        control = extra.get("cache_control")
        if not isinstance(control, dict) or not self.model.caches:
            return
        longer = {"ttl": "1h"} if control.get("ttl") == "1h" else {}
        yield {"cachePoint": {"type": "default"} | longer}

    def spoken(self, block: Block, place: str) -> Iterator[Body]:
        """A block of the assistant's."""
        if isinstance(block, Thinking):
            yield from self._thinking(block)
        elif isinstance(block, ToolCall):
            yield self._call(block, place)
        else:
            yield from self.said(block, place)

    def result(self, call_id: str, result: ToolResult, place: str) -> Iterator[Body]:
        content = [told for block in result.content if (told := self._told(block, place))]
        if not self.calls:
            yield {"text": f"[result of {result.call_id}]"}
            yield from content
            return
        wire: Body = {"toolUseId": wire_id(call_id, self.quirks.tool_id_shape), "content": content}
        if result.is_error and self.model.status:
            wire["status"] = "error"
        elif result.is_error:
            wire["content"] = [{"text": FAILED}, *content]
        yield {"toolResult": wire}
        yield from self.cache_point(result.extra)

    def _told(self, block: Block, place: str) -> Body | None:
        """Text, an image or a document; None for text without a visible character."""
        if isinstance(block, Image):
            return self._image(block, place)
        if isinstance(block, Other) and (pdf := pdf_of(block.raw)):
            return _document(*pdf)
        text = block.text if isinstance(block, Text) else None
        if isinstance(block, Other):
            text = foreign_text(block.raw)
        if text is None:
            kind = block.raw.get("type") if isinstance(block, Other) else type(block).__name__
            raise BadRequest(f"{place}: Bedrock takes no {kind!r} block here")
        return {"text": text} if text.strip() else None

    def _image(self, image: Image, place: str) -> Body:
        if not self.quirks.images:
            raise BadRequest(f"{place}: this model takes no images; route it to one that does")
        if not image.data:
            raise BadRequest(f"{place}: Bedrock takes no image by its URL; send its bytes")
        if image.media_type not in FORMATS:
            known = ", ".join(sorted(FORMATS))
            raise BadRequest(f"{place}: {image.media_type!r} is no image type; use one of {known}")
        form = FORMATS[image.media_type]
        return {"image": {"format": form, "source": {"bytes": image.data}}}

    def _thinking(self, block: Thinking) -> Iterator[Body]:
        """Only what Claude signed goes back, and only to Claude."""
        if not self.model.claude:
            return
        if block.redacted:
            yield {"reasoningContent": {"redactedContent": block.redacted}}
        elif block.signature:
            text = {"text": block.text, "signature": block.signature}
            yield {"reasoningContent": {"reasoningText": text}}

    def _call(self, call: ToolCall, place: str) -> Body:
        if not self.calls:
            return {"text": f"[{call.name} called: {call.arguments or '{}'}]"}
        try:
            given = arguments(call)
        except ValueError as wrong:
            raise BadRequest(f"{place}: {wrong}") from wrong
        return {
            "toolUse": {
                "toolUseId": wire_id(call.id, self.quirks.tool_id_shape),
                "name": wire_name(call.name, self.quirks.tool_name_limit),
                "input": input_of(call, given),
            }
        }


def _document(data: str, name: str) -> Body:
    title = _ODD_IN_NAME.sub("-", name.removesuffix(".pdf"))[:200] or "document"
    return {"document": {"format": "pdf", "name": title, "source": {"bytes": data}}}
