"""Another dialect's conversation as Messages turns: user and assistant by turns, calls answered."""

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Final

from msgspec import Struct

from proxy.dialects.anthropic.blocks_out import blank, write_block
from proxy.dialects.documents import pdf_of
from proxy.dialects.foreign import foreign_text
from proxy.dialects.model import (
    Block,
    Body,
    Image,
    Message,
    Other,
    Request,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    place_of,
)
from proxy.dialects.names import fresh_id, wire_id, wire_name
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest

_SYSTEM_ROLES: Final = frozenset({"system", "developer"})
_MEDIA: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_ALIASES: Final = {"image/jpg": "image/jpeg"}

NO_RESULT: Final = "no result was sent for this call"
ASSISTANT_FIRST: Final = "<system>The assistant spoke first.</system>"
GO_ON: Final = "<system>The assistant's turn was cut here: go on from where it stopped.</system>"


def split_system(request: Request) -> tuple[list[Text], list[tuple[int, Message]]]:
    """System texts from the start, and the rest of the messages with their places.

    Where there is nothing but system messages the last one stays, to be the user's turn.
    """
    leading = list(takewhile(lambda m: m.role in _SYSTEM_ROLES, request.messages))
    if leading and len(leading) == len(request.messages):
        last = leading.pop()
        rest = [(len(leading), Message("user", last.blocks))]
    else:
        rest = list(enumerate(request.messages))[len(leading) :]
    texts = [_only_text(block, "system") for block in request.system]
    for at, message in enumerate(leading):
        texts += [_only_text(block, place_of(at, message)) for block in message.blocks]
    return [text for text in texts if not blank(text)], rest


def _only_text(block: Block, place: str) -> Text:
    if isinstance(block, Text):
        return block
    raise BadRequest(f"{place}: a Messages provider takes only text in a system prompt")


class _Pending(Struct):
    """A call of the last assistant turn: its id as the client has it and as it is sent."""

    asked: str
    sent: str
    result: Body | None = None


class Turns:
    """Collects messages in order; `finish` gives the turns that the API takes."""

    def __init__(self, quirks: Quirks) -> None:
        self._quirks = quirks
        self._out: list[Body] = []
        self._pending: list[_Pending] = []
        self._rest: list[Body] = []  # of the user's turn, after its results
        self._ids: set[str] = set()

    def add(self, at: int, message: Message) -> None:
        """One message of the client; BadRequest names it for what the API can't be told."""
        take, place = _ROLES.get(message.role), place_of(at, message)
        if take is None:
            raise BadRequest(
                f"{place}: a Messages provider takes no {message.role!r} role; "
                "use user, assistant, system or tool"
            )
        take(self, [block for block in message.blocks if not blank(block)], place)

    def finish(self, prefill: bool) -> list[Body]:
        """All turns. Without `prefill` the model refuses to go on from an assistant's turn."""
        self._end_user()
        if self._out and not prefill and self._out[-1]["role"] == "assistant":
            self._out.append(_user([_text(GO_ON)]))
        if self._out and self._out[0]["role"] == "assistant":
            self._out.insert(0, _user([_text(ASSISTANT_FIRST)]))
        return self._out

    def _system(self, blocks: Iterable[Block], place: str) -> None:
        texts = [_only_text(block, place).text for block in blocks]
        if texts:
            self._rest.append(_text("<system>\n{}\n</system>".format("\n\n".join(texts))))

    def _user(self, blocks: Iterable[Block], place: str) -> None:
        for block in blocks:
            if isinstance(block, ToolResult):
                self._result(block, place)
            elif not isinstance(block, Thinking):
                self._rest.append(self._said(block, place))

    def _said(self, block: Block, place: str) -> Body:
        """Text, an image or a document."""
        if isinstance(block, Image):
            return write_block(self._image(block, place))
        if isinstance(block, Text):
            return write_block(block)
        if isinstance(block, Other) and (document := _pdf(block.raw)):
            return document
        if told := _told(block):
            return told
        kind = block.raw.get("type") if isinstance(block, Other) else type(block).__name__
        place = getattr(block, "place", "") or place
        raise BadRequest(f"{place}: a Messages provider takes no {kind!r} block here")

    def _image(self, image: Image, place: str) -> Image:
        if not self._quirks.images:
            raise BadRequest(f"{place}: this model takes no images; route it to one that does")
        media = _ALIASES.get(image.media_type, image.media_type)
        if image.data and media not in _MEDIA:
            raise BadRequest(
                f"{place}: {image.media_type!r} is no image type; use {', '.join(sorted(_MEDIA))}"
            )
        if not image.data and not image.url:
            raise BadRequest(f"{place}: an image without data or url")
        return Image(media, image.data, image.url, image.extra)

    def _result(self, result: ToolResult, place: str) -> None:
        content = [self._said(block, place) for block in result.content if not blank(block)]
        waiting = (p for p in self._pending if p.asked == result.call_id and p.result is None)
        call = next(waiting, None)
        if call is None:
            self._rest += _orphan(result, content)
            return
        call.result = write_block(ToolResult(call.sent, [], result.is_error, result.extra))
        if content:
            call.result["content"] = content

    def _assistant(self, blocks: Iterable[Block], place: str) -> None:
        content = [self._spoken(b, place) for b in blocks if not isinstance(b, Thinking)]
        if not content:
            return
        if self._rest or any(call.result for call in self._pending):
            self._end_user()
        if not self._out or self._out[-1]["role"] != "assistant":
            self._out.append({"role": "assistant", "content": []})
        for block in content:
            if block["type"] == "tool_use":
                self._pending.append(_Pending(block["id"], self._sent_id(block["id"])))
                block["id"] = self._pending[-1].sent
        self._out[-1]["content"] += content

    def _spoken(self, block: Block, place: str) -> Body:
        if isinstance(block, Text):
            return write_block(block)
        if told := _told(block):
            return told
        if not isinstance(block, ToolCall):
            kind = block.raw.get("type") if isinstance(block, Other) else type(block).__name__
            place = getattr(block, "place", "") or place
            raise BadRequest(f"{place}: a Messages provider takes no {kind!r} from the assistant")
        try:
            wire = write_block(block)
        except ValueError as wrong:
            raise BadRequest(f"{place}: {wrong}") from wrong
        wire["name"] = wire_name(block.name, self._quirks.tool_name_limit)
        return wire

    def _sent_id(self, asked: str) -> str:
        """The API wants each id once in a conversation; servers that count calls repeat theirs."""
        sent = wire_id(asked, "anthropic")
        if sent in self._ids:
            sent = fresh_id(sent, str(len(self._ids)), self._ids)
        self._ids.add(sent)
        return sent

    def _end_user(self) -> None:
        results = [pending.result or _missing(pending) for pending in self._pending]
        if results or self._rest:
            self._out.append(_user(results + self._rest))
        self._pending, self._rest = [], []


_ROLES: Final[dict[str, Callable[[Turns, Iterable[Block], str], None]]] = {
    "user": Turns._user,
    "tool": Turns._user,
    "function": Turns._user,
    "assistant": Turns._assistant,
    "system": Turns._system,
    "developer": Turns._system,
}


def _user(content: list[Body]) -> Body:
    return {"role": "user", "content": content}


def _text(text: str) -> Body:
    return {"type": "text", "text": text}


def _told(block: Block) -> Body | None:
    """What another dialect's own tools did, in words."""
    words = foreign_text(block.raw) if isinstance(block, Other) else None
    return _text(words) if words else None


def _missing(call: _Pending) -> Body:
    return write_block(ToolResult(call.sent, [Text(NO_RESULT)], is_error=True))


def _orphan(result: ToolResult, content: list[Body]) -> list[Body]:
    """A result whose call is not in the turn before: shown as what the user's side says."""
    failed = ' is_error="true"' if result.is_error else ""
    opening = f'<tool_result tool_use_id="{result.call_id}"{failed}>'
    return [_text(opening), *content, _text("</tool_result>")]


def _pdf(raw: Body) -> Body | None:
    """Another dialect's attached PDF as a document."""
    found = pdf_of(raw)
    if found is None:
        return None
    source = {"type": "base64", "media_type": "application/pdf", "data": found[0]}
    return {"type": "document", "source": source}
