"""Neutral events written as a Responses stream."""

from collections.abc import Callable
from typing import Any, Final

import orjson

from proxy.dialects.model import (
    BlockStart,
    BlockStop,
    Body,
    Broken,
    Delta,
    End,
    Finish,
    Request,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.openai_responses.calls_out import Offered
from proxy.dialects.openai_responses.envelope import ended, envelope, failed
from proxy.dialects.openai_responses.errors import code_of
from proxy.dialects.openai_responses.ids import item_id, response_id
from proxy.dialects.openai_responses.items_stream import CallItem, Item, Reasoning, Words
from proxy.dialects.openai_responses.usage import write_usage
from proxy.dialects.sse import encode


class ResponsesWriter:
    """Writes one stream: created, in_progress, items one after the other, and how it ended.

    Each comes once and in that order whatever the events do; nothing follows a break or the end.
    """

    def __init__(self, asked_model: str, request: Request | None = None) -> None:
        self._model = asked_model
        self._request = request
        self._offered = Offered.by(request)
        self._begun: Body = {}
        self._output: list[Body] = []
        self._open: Item | None = None
        self._finish: Finish | None = None
        self._count = 0  # events so far
        self._over = False

    def write(self, event: StreamEvent) -> bytes:
        """The bytes for one event; empty if a Responses client needs none."""
        step = _STEPS.get(type(event))
        return b"" if self._over or step is None else step(self, event)

    def _start(self, event: Start) -> bytes:
        if self._begun:
            return b""
        self._begun = envelope(response_id(event.id), self._model, self._request)
        kinds = ("response.created", "response.in_progress")
        return b"".join(self._event(kind, response=self._begun) for kind in kinds)

    def _block_start(self, event: BlockStart) -> bytes:
        before = self._start(Start("", "", Usage())) + self._close()
        at, block = len(self._output), event.block
        match block:
            case Text():
                self._open = Words(self._id("msg", at), at, block)
            case Thinking(redacted=""):
                self._open = Reasoning(self._id("rs", at), at)
            case ToolCall():
                prefix = self._offered.kind(block).prefix
                self._open = CallItem(self._id(prefix, at), at, block, self._offered)
            case _:
                return before  # nothing that a Responses client could be told
        return before + self._told(self._open.opened())

    def _id(self, prefix: str, at: int) -> str:
        return item_id(prefix, self._begun["id"], at)

    def _delta(self, event: Delta) -> bytes:
        if self._open is None or event.kind != self._open.takes:
            return b""
        return self._told(self._open.add(event.text))

    def _block_stop(self, event: BlockStop) -> bytes:
        return self._close()

    def _close(self) -> bytes:
        item, self._open = self._open, None
        if item is None:
            return b""
        told, whole = item.closed()
        self._output += [whole] if whole else []
        return self._told(told)

    def _finished(self, event: Finish) -> bytes:
        self._finish = event
        return self._start(Start("", "", Usage())) + self._close()

    def _end(self, event: End) -> bytes:
        finish = self._finish
        if finish is None:
            return self._broken(Broken("api_error", "the answer ended without saying why"))
        self._over = True
        whole = ended(self._begun, self._output, write_usage(finish.usage), finish.stop)
        return self._event(f"response.{whole['status']}", response=whole)

    def _broken(self, event: Broken) -> bytes:
        before = self._start(Start("", "", Usage()))
        self._over = True
        code = code_of(event.type, event.message)
        return before + self._event(
            "response.failed", response=failed(self._begun, self._output, code, event.message)
        )

    def _told(self, events: list[tuple[str, Body]]) -> bytes:
        return b"".join(self._event(kind, **fields) for kind, fields in events)

    def _event(self, kind: str, **fields: Any) -> bytes:
        event = {"type": kind, "sequence_number": self._count} | fields
        self._count += 1
        return encode(kind, orjson.dumps(event))


_STEPS: Final[dict[type, Callable[[ResponsesWriter, Any], bytes]]] = {
    Start: ResponsesWriter._start,
    BlockStart: ResponsesWriter._block_start,
    Delta: ResponsesWriter._delta,
    BlockStop: ResponsesWriter._block_stop,
    Finish: ResponsesWriter._finished,
    End: ResponsesWriter._end,
    Broken: ResponsesWriter._broken,
}
