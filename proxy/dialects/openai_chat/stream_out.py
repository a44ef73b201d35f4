"""Neutral events as Chat stream chunks."""

import time

import orjson
from msgspec.structs import replace

from proxy.dialects.free_text import free_names
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
    ToolCall,
)
from proxy.dialects.openai.calls import NO_ARGUMENTS
from proxy.dialects.openai.errors import error_body
from proxy.dialects.openai_chat.answer import FINISH, completion_id, write_call
from proxy.dialects.openai_chat.usage import write_usage
from proxy.dialects.sse import encode

_FIELDS = {"text": "content", "thinking": "reasoning_content"}
_STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "overloaded_error": 529,
}


def wants_usage(request: Request | None) -> bool:
    """Whether a Chat client asked for the usage chunk."""
    options = request.body.get("stream_options") if request else None
    return isinstance(options, dict) and bool(options.get("include_usage"))


class ChatWriter:
    """Writes one stream: role first, calls by index, the usage chunk only where it was asked for.

    After a Broken comes no `[DONE]`: a client that sees one takes the answer for whole.
    """

    def __init__(self, asked_model: str, request: Request | None = None) -> None:
        self._head: Body = {"id": "", "object": "chat.completion.chunk", "created": 0}
        self._model = asked_model
        self._usage = wants_usage(request)
        self._free_names = free_names(request)
        self._free: ToolCall | None = None  # the open call of a custom tool
        self._calls = -1  # the index of the open or latest call
        self._bare = False  # the open call has no arguments so far

    def write(self, event: StreamEvent) -> bytes:
        """The chunks that tell a Chat client of `event`; empty for what Chat has no word for."""
        match event:
            case Start():
                return self._begin(event)
            case BlockStart(block=ToolCall() as call):
                return self._open(call)
            case BlockStop():
                return self._close()
            case Delta():
                return self._delta(event)
            case Finish():
                return self._finish(event)
            case End():
                return encode("", b"[DONE]")
            case Broken():
                return error_chunk(_STATUSES.get(event.type, 500), event.message)
        return b""

    def _begin(self, event: Start) -> bytes:
        now = int(time.time())
        self._head |= {"id": completion_id(event.id), "created": now, "model": self._model}
        return self._chunk({"role": "assistant", "content": ""})

    def _open(self, call: ToolCall) -> bytes:
        self._calls += 1
        if call.name in self._free_names:
            self._free = replace(call)
            return b""
        self._bare = not call.arguments
        function = {"name": call.name, "arguments": call.arguments}
        opened = {"index": self._calls, "id": call.id, "type": "function", "function": function}
        return self._chunk({"tool_calls": [opened]})

    def _close(self) -> bytes:
        """A call of a custom tool goes out whole: its text is no piece of the arguments' JSON."""
        call, self._free = self._free, None
        bare, self._bare = self._bare, False
        if call is None:
            return self._arguments(NO_ARGUMENTS) if bare else b""
        return self._chunk({"tool_calls": [{"index": self._calls} | write_call(call, True)]})

    def _delta(self, event: Delta) -> bytes:
        if self._free is not None:
            self._free.arguments += event.text
            return b""
        if event.kind == "arguments":
            self._bare = False
            return self._arguments(event.text)
        name = _FIELDS.get(event.kind)
        return self._chunk({name: event.text}) if name else b""

    def _arguments(self, text: str) -> bytes:
        piece = {"index": self._calls, "function": {"arguments": text}}
        return self._chunk({"tool_calls": [piece]})

    def _finish(self, event: Finish) -> bytes:
        last = self._chunk({}, FINISH[event.stop])
        usage = write_usage(event.usage) if self._usage else None
        return last + (self._send({"choices": [], "usage": usage}) if usage else b"")

    def _chunk(self, delta: Body, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._send({"choices": [choice]})

    def _send(self, fields: Body) -> bytes:
        return encode("", orjson.dumps(self._head | fields))


def error_chunk(status: int, message: str) -> bytes:
    """An error inside a stream, where the SDKs look for it."""
    return encode("", orjson.dumps(error_body(status, message)))
