"""Neutral blocks as content of Responses items: a string where text is all there is, else parts."""

from proxy.dialects.documents import pdf_of, pdf_url
from proxy.dialects.model import Block, Body, Image, Other, Text
from proxy.dialects.openai.content import block_text, image_url, joined
from proxy.dialects.quirks import Quirks


def parts(blocks: list[Block], place: str, quirks: Quirks) -> list[Body]:
    """Parts of what a user or a tool said, in the order given; empty text left out."""
    made = [_part(block, place, quirks) for block in blocks]
    return [part for part in made if part.get("text") != ""]


def _part(block: Block, place: str, quirks: Quirks) -> Body:
    if isinstance(block, Image):
        image = {"type": "input_image", "image_url": image_url(block, place, quirks)}
        return image | {"detail": block.extra.get("detail") or "auto"}
    if isinstance(block, Other) and (found := pdf_of(block.raw)):
        return {"type": "input_file", "filename": found[1], "file_data": pdf_url(found[0])}
    return {"type": "input_text", "text": block_text(block, place)}


def output(blocks: list[Block], place: str, quirks: Quirks) -> str | list[Body]:
    """What a call gave back."""
    if all(isinstance(block, Text) for block in blocks):
        return joined(blocks, place)
    return parts(blocks, place, quirks)
