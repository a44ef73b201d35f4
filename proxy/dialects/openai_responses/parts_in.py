"""The items of a streamed response as they grow, each part in a lane of its own."""

import orjson
from msgspec import Struct, field

from proxy.dialects.lanes import Kind, Lane, Lanes
from proxy.dialects.model import Body, Json, Other, Text, Thinking, ToolCall
from proxy.dialects.openai.calls import argument_text
from proxy.dialects.openai_responses.answer_in import Reading
from proxy.dialects.openai_responses.content_in import REFUSAL
from proxy.dialects.openai_responses.items_in import BETWEEN
from proxy.dialects.openai_responses.tools_in import full_name

Key = int | str  # an item: its output_index, or its id from servers that leave that out

_FREE = "custom_tool_call"
_GROWING = frozenset({"function_call", _FREE})  # calls whose arguments come in pieces
_OPEN, _CLOSE = '{"input":"', '"}'  # around a custom tool's text


class Part(Struct):
    """One block as it grows; `early` is what came before its call had a name."""

    lane: Lane | None = None
    free: bool = False  # free text, told as the arguments of a function
    early: str = ""
    told: list[str] = field(default_factory=list)
    source: tuple[str, Json] | None = None  # which summary or reasoning text came last


class Parts:
    """Takes pieces of items in any order and tells them as blocks, one open at a time."""

    def __init__(self, lanes: Lanes, reading: Reading) -> None:
        self._lanes = lanes
        self._reading = reading
        self._parts: dict[tuple[Key, Json], Part] = {}
        self._done: set[Key] = set()
        self.refused = False

    @property
    def empty(self) -> bool:
        """Whether nothing was said or called."""
        return not any(part.lane for part in self._parts.values())

    @property
    def nameless(self) -> bool:
        """Whether arguments came for a call that never got a name."""
        return any(part.early and not part.lane for part in self._parts.values())

    @property
    def arguments(self) -> list[str]:
        """The arguments of each call so far."""
        calls = (p for p in self._parts.values() if p.lane and isinstance(p.lane.block, ToolCall))
        return ["".join(part.told) for part in calls]

    def words(self, key: Key, at: Json, text: str, *, whole: bool, refusal: bool) -> None:
        """A piece of a message's part `at`, or with `whole` all of it at its end."""
        part = self._part(key, at)
        if part.lane is None:
            if not text:
                return
            part.lane = self._lanes.begin(Text("", {REFUSAL: True} if refusal else {}))
            self.refused = self.refused or refusal
        self._grow(part, "text", text, whole)

    def thought(self, key: Key, source: tuple[str, Json], text: str, *, whole: bool) -> None:
        """A piece of an item's reasoning; a server tells its summary or its text, we take one."""
        part = self._part(key, "thought")
        if not text or (part.source and part.source[0] != source[0]):
            return
        new = part.source is not None and part.source != source
        if part.lane is None:
            part.lane = self._lanes.begin(Thinking())
        elif new:
            self._lanes.piece(part.lane, "thinking", BETWEEN)
        if new or not whole or not part.lane.fed:
            self._lanes.piece(part.lane, "thinking", text)
        part.source = source

    def argument(self, key: Key, text: str, *, whole: bool) -> None:
        """A piece of a call's arguments, or with `whole` all of them at their end."""
        part = self._part(key, "call")
        if part.lane is None:
            part.early = text if whole else part.early + text
        else:
            self._grow(part, "arguments", text, whole)

    def added(self, key: Key, item: Body) -> None:
        """An item begins. A call without a name waits for its end."""
        part, name, kind = self._part(key, "call"), item.get("name"), str(item.get("type"))
        if kind in _GROWING and part.lane is None and isinstance(name, str) and name:
            self._call(part, item, name)

    def done(self, key: Key, item: Body) -> None:
        """An item is whole: what has not been told of it is told now."""
        if key in self._done:
            return
        self._done.add(key)
        kind = str(item.get("type"))
        if kind == "message":
            self._message(key, item)
        elif kind == "reasoning":
            self._reasoning(key, item)
        elif kind in _GROWING:
            self._growing(key, item)
        else:
            self._once(key, item)
        for (owner, _), part in self._parts.items():
            if owner == key and part.lane:
                self._end(part)

    def end(self) -> None:
        """The response is whole."""
        for part in self._parts.values():
            if part.lane:
                self._end(part)

    def _part(self, key: Key, at: Json) -> Part:
        place = at if isinstance(at, int) else str(at)  # a server may say anything
        return self._parts.setdefault((key, place), Part())

    def _grow(self, part: Part, kind: Kind, text: str, whole: bool) -> None:
        assert part.lane is not None
        if not (whole and part.told):
            if text:
                part.told.append(text)
            self._lanes.piece(part.lane, kind, _escaped(text) if part.free else text)
        if whole:
            self._end(part)

    def _end(self, part: Part) -> None:
        assert part.lane is not None
        if part.free and not part.lane.ended:
            self._lanes.piece(part.lane, "arguments", _CLOSE)
        self._lanes.end(part.lane)

    def _call(self, part: Part, item: Body, name: str) -> None:
        own_id = item.get("call_id") or item.get("id") or ""
        call = ToolCall(str(own_id), full_name(name, item.get("namespace")), "")
        part.free = item.get("type") == _FREE
        part.lane = self._lanes.begin(self._reading.call(call))
        if part.free:
            self._lanes.piece(part.lane, "arguments", _OPEN)
        if part.early:
            self._grow(part, "arguments", part.early, whole=False)

    def _message(self, key: Key, item: Body) -> None:
        content = item.get("content")
        for at, raw in enumerate(content if isinstance(content, list) else ()):
            refusal = isinstance(raw, dict) and raw.get("type") == "refusal"
            text = raw.get("refusal" if refusal else "text") if isinstance(raw, dict) else None
            if isinstance(text, str):
                self.words(key, at, text, whole=True, refusal=refusal)

    def _reasoning(self, key: Key, item: Body) -> None:
        part = self._part(key, "thought")
        for block in self._reading.blocks(item):
            if isinstance(block, Thinking):
                part.lane = part.lane or self._lanes.begin(Thinking())
                if not part.lane.fed:
                    self._lanes.piece(part.lane, "thinking", block.text)
                self._lanes.piece(part.lane, "signature", block.signature)

    def _growing(self, key: Key, item: Body) -> None:
        self.added(key, item)
        part = self._part(key, "call")
        if part.lane is not None:
            text = item.get("input") if part.free else item.get("arguments")
            self._grow(part, "arguments", argument_text(text), whole=True)

    def _once(self, key: Key, item: Body) -> None:
        """An item that comes whole."""
        for block in self._reading.blocks(item):
            part = self._part(key, "call")
            if isinstance(block, ToolCall):
                part.lane = self._lanes.begin(ToolCall(block.id, block.name, ""))
                self._grow(part, "arguments", block.arguments, whole=True)
            elif isinstance(block, Other):
                self._lanes.end(self._lanes.begin(block))


def _escaped(text: str) -> str:
    """Free text as it stands inside a JSON string."""
    return orjson.dumps(text).decode()[1:-1]
