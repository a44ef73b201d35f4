"""Neutral blocks as Chat content: a string where text is all there is, else parts."""

from proxy.dialects.model import Block, Body, Image
from proxy.dialects.openai.content import block_text, image_url, joined
from proxy.dialects.quirks import Quirks


def content(blocks: list[Block], place: str, quirks: Quirks) -> str | list[Body]:
    """Content of a user message: parts as soon as there is an image, in the order given."""
    if not any(isinstance(block, Image) for block in blocks):
        return joined(blocks, place)
    parts = [_part(block, place, quirks) for block in blocks]
    return [part for part in parts if part.get("text") != ""]


def _part(block: Block, place: str, quirks: Quirks) -> Body:
    if isinstance(block, Image):
        url = {"url": image_url(block, place, quirks)}
        return {"type": "image_url", "image_url": url}
    return {"type": "text", "text": block_text(block, place)}
