"""What an upstream was sent, read the same way whatever its dialect."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

Body = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """A tool's answer as the upstream sees it; `failed` only where the dialect can say so."""

    id: str
    text: str
    failed: bool = False


@dataclass(frozen=True)
class Said:
    """One piece of text or one image, in the order of the conversation."""

    role: str
    text: str = ""
    image: str = ""  # base64, without its prefix


class View(Protocol):
    def results(self, body: Body) -> list[Result]: ...

    def said(self, body: Body) -> list[Said]: ...


class Messages:
    """The Messages dialect."""

    def results(self, body: Body) -> list[Result]:
        return [
            Result(block["tool_use_id"], _text(block["content"]), bool(block.get("is_error")))
            for _, block in self._blocks(body)
            if block["type"] == "tool_result"
        ]

    def said(self, body: Body) -> list[Said]:
        opening = [Said("system", part["text"]) for part in _parts(body.get("system"))]
        return opening + [said for role, block in self._blocks(body) for said in _said(role, block)]

    def _blocks(self, body: Body) -> Iterator[tuple[str, Body]]:
        for message in body["messages"]:
            for block in _parts(message["content"]):
                yield message["role"], block


class Chat:
    """The Chat Completions dialect."""

    def results(self, body: Body) -> list[Result]:
        return [
            Result(message["tool_call_id"], _text(message["content"]))
            for message in body["messages"]
            if message["role"] == "tool"
        ]

    def said(self, body: Body) -> list[Said]:
        return [
            said
            for message in body["messages"]
            for part in _parts(message.get("content"))
            for said in _said(message["role"], part)
        ]


class Responses:
    """The Responses dialect."""

    def results(self, body: Body) -> list[Result]:
        return [
            Result(item["call_id"], _text(item["output"]))
            for item in _items(body)
            if item.get("type", "").endswith("_output")
        ]

    def said(self, body: Body) -> list[Said]:
        opening = [Said("system", part["text"]) for part in _parts(body.get("instructions"))]
        return opening + [said for item in _items(body) for said in self._item(item)]

    def _item(self, item: Body) -> Iterator[Said]:
        role = "tool" if "output" in item else item.get("role", "")
        for part in _parts(item.get("content") or item.get("output")):
            yield from _said(role, part)


def _items(body: Body) -> list[Body]:
    """The input as items, also where it is one question."""
    said = body["input"]
    return [{"role": "user", "content": said}] if isinstance(said, str) else list(said)


def _said(role: str, part: Body) -> Iterator[Said]:
    """Text and images in one part; those inside a tool's answer count as the tool's."""
    match part:
        case {"type": "text" | "input_text" | "output_text", "text": text}:
            yield Said(role, text)
        case {"type": "image", "source": {"data": data}}:
            yield Said(role, image=data)
        case {"type": "image_url", "image_url": {"url": url}}:
            yield Said(role, image=url.partition("base64,")[2])
        case {"type": "input_image", "image_url": url}:
            yield Said(role, image=url.partition("base64,")[2])
        case {"type": "tool_result", "content": content}:
            for inner in _parts(content):
                yield from _said("tool", inner)


def _parts(content: Any) -> list[Body]:
    """Content as a list of parts, whether it came as a string, a list or nothing."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return list(content or ())


def _text(content: Any) -> str:
    return "\n".join(part["text"] for part in _parts(content) if "text" in part)
