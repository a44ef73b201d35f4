"""Neutral blocks in words and image URLs, for providers of either OpenAI dialect."""

from proxy.dialects.foreign import foreign_text
from proxy.dialects.model import Block, Image, Other, Request, Text, Thinking, ToolResult, place_of
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest

BETWEEN = "\n\n"  # what stands between two text blocks that become one string
MEDIA = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_ALIASES = {"image/jpg": "image/jpeg"}
BILLING = "x-anthropic-billing-header"  # a client's own note to Anthropic, new on every request


def block_text(block: Block, place: str) -> str:
    """The text of a block that can be told in text; BadRequest names `place` otherwise."""
    if isinstance(block, Text):
        return block.text
    if isinstance(block, Thinking):
        return ""  # nothing to say to a provider that did not think it
    told = foreign_text(block.raw) if isinstance(block, Other) else None
    if told is None:
        kind = block.raw.get("type") if isinstance(block, Other) else type(block).__name__.lower()
        place = getattr(block, "place", "") or place
        raise BadRequest(f"{place}: an OpenAI-style provider takes no {kind!r} block here")
    return told


def joined(blocks: list[Block], place: str) -> str:
    """All text of `blocks` as one string, empty pieces left out."""
    return BETWEEN.join(filter(None, (block_text(block, place) for block in blocks)))


def image_url(image: Image, place: str, quirks: Quirks) -> str:
    """The URL of an image, its data inside; BadRequest where the model sees none or the type is no
    picture's."""
    if not quirks.images:
        raise BadRequest(f"{place}: this model takes no images; route it to one that does")
    media = _ALIASES.get(image.media_type, image.media_type)
    if image.data and media not in MEDIA:
        raise BadRequest(
            f"{place}: {image.media_type!r} is no image type; use one of {', '.join(sorted(MEDIA))}"
        )
    url = f"data:{media};base64,{image.data}" if image.data else image.url
    if not url:
        raise BadRequest(f"{place}: an image without data or url")
    return url


def check_images(request: Request, quirks: Quirks) -> None:
    """BadRequest for the first image that the provider can't take, inside results too."""
    for number, message in enumerate(request.messages):
        for block in message.blocks:
            inner = block.content if isinstance(block, ToolResult) else [block]
            for image in (b for b in inner if isinstance(b, Image)):
                image_url(image, place_of(number, message), quirks)


def system_text(blocks: list[Block], place: str = "system") -> str:
    """A system prompt as one string, without what is meant for Anthropic alone."""
    return joined([b for b in blocks if not _billing(b)], place)


def _billing(block: Block) -> bool:
    return isinstance(block, Text) and block.text.startswith(BILLING)
