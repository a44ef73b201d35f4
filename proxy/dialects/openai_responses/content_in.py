"""Content of Responses items read into neutral blocks; unknown parts stay raw."""

from collections.abc import Callable

from proxy.dialects.model import Block, Body, Json, Other, Text
from proxy.dialects.openai.checks import extra, want
from proxy.dialects.openai.images import image_of

_TEXT = frozenset({"type", "text"})
_IMAGE = frozenset({"type", "image_url"})
REFUSAL = "refusal"  # marks a text that is the model's refusal


def read_content(content: Json, where: str) -> list[Block]:
    """A string, parts, or null; an empty string has no blocks."""
    if content is None or content == "":
        return []
    if isinstance(content, str):
        return [Text(content)]
    parts = enumerate(want(content, list, where))
    return [_part(want(part, dict, f"{where}[{at}]"), f"{where}[{at}]") for at, part in parts]


def _part(part: Body, where: str) -> Block:
    read = _PARTS.get(want(part.get("type"), str, f"{where}.type"))
    return read(part, where) if read else Other(part, where)


def _text(part: Body, where: str) -> Block:
    return Text(want(part.get("text"), str, f"{where}.text"), extra(part, _TEXT))


def _image(part: Body, where: str) -> Block:
    """An image by its URL; a file id means something to its own provider only."""
    url = part.get("image_url")
    if url is None:
        return Other(part)
    return image_of(want(url, str, f"{where}.image_url"), extra(part, _IMAGE))


def _refusal(part: Body, where: str) -> Block:
    return Text(want(part.get("refusal"), str, f"{where}.refusal"), {REFUSAL: True})


_PARTS: dict[str, Callable[[Body, str], Block]] = {
    "input_text": _text,
    "output_text": _text,
    "text": _text,
    "input_image": _image,
    "refusal": _refusal,
}
