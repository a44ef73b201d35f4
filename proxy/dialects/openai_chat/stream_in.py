"""A Chat stream as neutral events: one block open at a time, whatever order the pieces come in."""

from collections.abc import Iterable
from typing import Literal

import orjson

from proxy.dialects.model import (
    Block,
    BlockStart,
    BlockStop,
    Body,
    Broken,
    Delta,
    End,
    Finish,
    Json,
    Request,
    Start,
    StreamEvent,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.dialects.names import fresh_id, restore_names, used_ids
from proxy.dialects.openai.calls import plain_text, stop_reason
from proxy.dialects.openai.errors import stream_error
from proxy.dialects.openai_chat.answer import thinking_text
from proxy.dialects.openai_chat.calls_in import CallPiece, Fragment, Piece, owner
from proxy.dialects.openai_chat.signatures import signed_id
from proxy.dialects.openai_chat.usage import read_usage
from proxy.dialects.sse import SseReader

_SHORT = "the provider's stream stopped before its end"
_EMPTY = "the provider's stream ended without an answer"
_NAMELESS = "the provider sent a tool call without a name"


class ChatReader:
    """Reads one stream. Pieces are told in the order they began; a call's block closes once its
    arguments are whole and another piece waits, or at the end."""

    def __init__(self, request: Request | None = None) -> None:
        self._sse = SseReader()
        self._names = restore_names(request)
        self._taken = used_ids(request)
        self._seed = ""
        self._model = ""
        self._started = False
        self._over = False
        self._told_done = False
        self._pieces: list[Piece] = []
        self._at = 0  # the piece that is open, or opens next; also its block index
        self._finish = ""
        self._refused = False
        self._usage = Usage()
        self._garbled = "the provider's stream holds what is not JSON"

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Events completed by these bytes, however they were cut."""
        return self._read(self._sse.feed(chunk))

    def close(self) -> list[StreamEvent]:
        """What was left; Broken if the provider stopped before it finished."""
        self._garbled = _SHORT  # what is left over is half an event
        events = self._read(self._sse.close())
        if self._over:
            return events
        whole = self._finish or self._told_done
        return events + (self._ended() if whole else self._broken("api_error", _SHORT))

    def _read(self, items: Iterable[tuple[str, bytes]]) -> list[StreamEvent]:
        events: list[StreamEvent] = []
        for _, data in items:
            if not (self._over or self._told_done):
                events += self._item(data.strip())
        return events

    def _item(self, data: bytes) -> list[StreamEvent]:
        if data == b"[DONE]":
            return self._done()
        if not data:
            return []
        try:
            chunk = orjson.loads(data)
        except orjson.JSONDecodeError:
            return self._broken("api_error", self._garbled)
        return self._chunk(chunk) if isinstance(chunk, dict) else []

    def _done(self) -> list[StreamEvent]:
        """Some servers forget to say why they stopped. But llama-cpp-python also says this of an
        answer that it drops for another client's, and then breaks the connection: only a proper
        end of the stream tells."""
        self._told_done = True
        return self._ended() if self._finish or not self._pieces else []

    def _chunk(self, chunk: Body) -> list[StreamEvent]:
        error = stream_error(chunk)
        if error:
            return self._broken(*error)
        self._seed = self._seed or str(chunk.get("id") or "")
        self._model = self._model or str(chunk.get("model") or "")
        self._usage.merge(read_usage(chunk.get("usage")))
        choices = chunk.get("choices")
        events = self._choice(choices[0]) if isinstance(choices, list) and choices else []
        told = isinstance(chunk.get("usage"), dict)
        return events + (self._ended() if self._finish and told else [])

    def _choice(self, choice: Json) -> list[StreamEvent]:
        if not isinstance(choice, dict):
            return []
        delta = choice.get("delta") or choice.get("message")
        if isinstance(delta, dict):
            self._delta(delta)
        self._finish = str(choice.get("finish_reason") or "") or self._finish
        return self._start() + self._tell(ending=False)

    def _start(self) -> list[StreamEvent]:
        if self._started:
            return []
        self._started = True
        return [Start(self._seed, self._model, Usage())]

    def _delta(self, delta: Body) -> None:
        refusal = plain_text(delta.get("refusal"))
        self._refused = self._refused or bool(refusal)
        self._say("thinking", thinking_text(delta))
        self._say("text", plain_text(delta.get("content")) or refusal)
        listed = delta.get("tool_calls")
        for raw in listed if isinstance(listed, list) else ():
            if isinstance(raw, dict):
                self._call(Fragment.read(raw))

    def _say(self, kind: str, text: str) -> None:
        if not text:
            return
        if not self._pieces or self._pieces[-1].kind != kind:
            self._pieces.append(Piece(kind))
        self._pieces[-1].pending += text

    def _call(self, fragment: Fragment) -> None:
        calls = [piece for piece in self._pieces if isinstance(piece, CallPiece)]
        call = owner(calls, fragment)
        if call is None:
            if not (fragment.id or fragment.name or fragment.arguments):
                return
            call = CallPiece("call", index=fragment.index)
            self._pieces.append(call)
        call.add(fragment)

    def _tell(self, ending: bool) -> list[StreamEvent]:
        """Everything that can be said now; at the end that is everything."""
        events: list[StreamEvent] = []
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            if not self._can_open(piece, ending):
                break
            events += self._open(piece)
            last = self._at == len(self._pieces) - 1
            if not ending and (last or not _whole(piece)):
                break
            events += self._shut(piece)
        return events

    def _can_open(self, piece: Piece, ending: bool) -> bool:
        """A call waits for its name, and for its id until there is no hope of one."""
        if piece.opened or not isinstance(piece, CallPiece):
            return True
        return bool(piece.name) and (ending or bool(piece.id))

    def _open(self, piece: Piece) -> list[StreamEvent]:
        events: list[StreamEvent] = []
        if not piece.opened:
            piece.opened = True
            events.append(BlockStart(self._at, self._block(piece)))
        if piece.pending:
            events.append(Delta(self._at, _DELTAS[piece.kind], piece.pending))
            piece.pending = ""
        return events

    def _block(self, piece: Piece) -> Block:
        if isinstance(piece, CallPiece):
            wanted = signed_id(piece.id, piece.signed)
            call_id = fresh_id(wanted, f"{self._seed}\0{self._at}", self._taken)
            self._taken.add(call_id)
            return ToolCall(call_id, self._names.get(piece.name, piece.name), "")
        return Text("") if piece.kind == "text" else Thinking("")

    def _shut(self, piece: Piece) -> list[StreamEvent]:
        piece.closed = True
        self._at += 1
        return [BlockStop(self._at - 1)]

    def _ended(self) -> list[StreamEvent]:
        """The last blocks, why it stopped, and the end; once."""
        if not self._started or not (self._pieces or self._finish):
            return self._broken("api_error", _EMPTY)
        events = self._tell(ending=True)
        if self._at < len(self._pieces):
            return events + self._broken("api_error", _NAMELESS)
        self._over = True
        arguments = [p.arguments for p in self._pieces if isinstance(p, CallPiece)]
        stop = stop_reason(self._finish, arguments, self._refused)
        return [*events, Finish(stop, self._usage), End()]

    def _broken(self, kind: str, message: str) -> list[StreamEvent]:
        self._over = True
        return [Broken(kind, message)]


def _whole(piece: Piece) -> bool:
    return not isinstance(piece, CallPiece) or piece.complete


_DELTAS: dict[str, Literal["text", "thinking", "arguments"]] = {
    "text": "text",
    "thinking": "thinking",
    "call": "arguments",
}
