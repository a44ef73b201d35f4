"""The items of a response as a stream tells them: which events open, grow and close each."""

from typing import Final, Protocol

from proxy.dialects.free_text import unwrap
from proxy.dialects.model import Body, Text, ToolCall
from proxy.dialects.openai.calls import NO_ARGUMENTS
from proxy.dialects.openai_responses.answer_out import (
    message_item,
    reasoning_item,
    summary_part,
    text_part,
)
from proxy.dialects.openai_responses.calls_out import Offered
from proxy.dialects.openai_responses.content_in import REFUSAL

Told = list[tuple[str, Body]]  # events: type and fields

_ADDED: Final = "response.output_item.added"
_DONE: Final = "response.output_item.done"


class Item(Protocol):
    """One item, from its first event to its last."""

    takes: str  # the kind of delta it grows by

    def opened(self) -> Told:
        """The events that begin it."""
        ...

    def add(self, text: str) -> Told:
        """The events of a piece."""
        ...

    def closed(self) -> tuple[Told, Body | None]:
        """The events that end it, and the item for the whole response."""
        ...


class Words:
    """A message of one part: text, or a refusal."""

    takes = "text"

    def __init__(self, item_id: str, at: int, block: Text) -> None:
        self._id = item_id
        self._block = block
        self._pieces: list[str] = []
        self._item: Body = {"item_id": item_id, "output_index": at, "content_index": 0}
        self._at = at
        refuses = block.extra.get(REFUSAL)
        self._kind, self._key = ("refusal", "refusal") if refuses else ("output_text", "text")
        self._logprobs: Body = {} if refuses else {"logprobs": []}

    def opened(self) -> Told:
        item = message_item(self._id, "in_progress", [])
        part = self._item | {"part": text_part(self._block, "")}
        added = {"output_index": self._at, "item": item}
        return [(_ADDED, added), ("response.content_part.added", part)]

    def add(self, text: str) -> Told:
        self._pieces.append(text)
        piece = self._item | {"delta": text} | self._logprobs
        return [(f"response.{self._kind}.delta", piece)]

    def closed(self) -> tuple[Told, Body | None]:
        text = "".join(self._pieces)
        part = text_part(self._block, text)
        item = message_item(self._id, "completed", [part])
        return [
            (f"response.{self._kind}.done", self._item | {self._key: text} | self._logprobs),
            ("response.content_part.done", self._item | {"part": part}),
            (_DONE, {"output_index": self._at, "item": item}),
        ], item


class Reasoning:
    """Thinking as the summary of a reasoning item; it opens with its first word."""

    takes = "thinking"

    def __init__(self, item_id: str, at: int) -> None:
        self._id = item_id
        self._at = at
        self._pieces: list[str] = []
        self._item: Body = {"item_id": item_id, "output_index": at, "summary_index": 0}

    def opened(self) -> Told:
        return []

    def add(self, text: str) -> Told:
        before: Told = []
        if not self._pieces:
            item = {"output_index": self._at, "item": reasoning_item(self._id, [])}
            part = self._item | {"part": summary_part("")}
            before = [(_ADDED, item), ("response.reasoning_summary_part.added", part)]
        self._pieces.append(text)
        piece = self._item | {"delta": text}
        return [*before, ("response.reasoning_summary_text.delta", piece)]

    def closed(self) -> tuple[Told, Body | None]:
        if not self._pieces:
            return [], None
        text = "".join(self._pieces)
        item = reasoning_item(self._id, [summary_part(text)])
        return [
            ("response.reasoning_summary_text.done", self._item | {"text": text}),
            ("response.reasoning_summary_part.done", self._item | {"part": summary_part(text)}),
            (_DONE, {"output_index": self._at, "item": item}),
        ], item


class CallItem:
    """A call. Only a function's arguments are told as they come: the rest is read at its end,
    as free text and OpenAI's own items are no JSON text."""

    takes = "arguments"

    def __init__(self, item_id: str, at: int, call: ToolCall, offered: Offered) -> None:
        self._id = item_id
        self._at = at
        self._call = call
        self._offered = offered
        self._kind = offered.kind(call)
        self._pieces = [call.arguments] if call.arguments else []
        self._item: Body = {"item_id": item_id, "output_index": at}

    def opened(self) -> Told:
        blank = ToolCall(self._call.id, self._call.name, "")
        item = self._offered.item(blank, self._id, "in_progress")
        return [(_ADDED, {"output_index": self._at, "item": item})]

    def add(self, text: str) -> Told:
        self._pieces.append(text)
        return self._piece(text) if self._kind.key == "arguments" else []

    def closed(self) -> tuple[Told, Body | None]:
        arguments = "".join(self._pieces)
        whole = ToolCall(self._call.id, self._call.name, arguments)
        item = self._offered.item(whole, self._id, "completed")
        done = (_DONE, {"output_index": self._at, "item": item})
        return [*self._said(arguments), done], item

    def _said(self, arguments: str) -> Told:
        if not self._kind.event:
            return []
        free = self._kind.key == "input"
        text = unwrap(arguments) if free else arguments or NO_ARGUMENTS
        before = self._piece(text) if free and text else []
        done = self._item | {self._kind.key: text}
        return [*before, (f"response.{self._kind.event}.done", done)]

    def _piece(self, text: str) -> Told:
        return [(f"response.{self._kind.event}.delta", self._item | {"delta": text})]
