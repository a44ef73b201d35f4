"""A conversation as Responses items: every call answered, in order, before anyone speaks."""

from collections.abc import Iterator
from itertools import chain

from proxy.dialects.free_text import free_names, unwrap
from proxy.dialects.model import Block, Body, Message, Request, Text, Thinking, ToolCall, ToolResult
from proxy.dialects.names import wire_id, wire_name
from proxy.dialects.openai.content import block_text, system_text
from proxy.dialects.openai.turns import FAILED, NO_RESULT, Heard, answered, turns
from proxy.dialects.openai_responses.content_out import output, parts
from proxy.dialects.quirks import Quirks
from proxy.errors import BadRequest


def items(request: Request, quirks: Quirks) -> list[Body]:
    """Every item but the prompt; BadRequest names what can't be sent by its message's index."""
    return list(chain.from_iterable(_Turns(request, quirks).all()))


class _Turns:
    def __init__(self, request: Request, quirks: Quirks) -> None:
        self._request = request
        self._quirks = quirks
        self._free = free_names(request)

    def all(self) -> Iterator[Iterator[Body]]:
        for said, heard in turns(self._request.messages):
            yield chain.from_iterable(self._said(place, message) for place, message in said)
            yield (self._answer(call, found) for call, found in answered(said, heard))
            yield chain.from_iterable(self._heard(place, message) for place, message in heard)

    def _said(self, place: str, message: Message) -> Iterator[Body]:
        """Words and calls in their order; what another provider thought is not handed on."""
        for block in message.blocks:
            if isinstance(block, ToolCall):
                yield self._call(block)
            elif not isinstance(block, Thinking) and (text := block_text(block, place)):
                said = {"type": "output_text", "text": text}
                yield {"type": "message", "role": "assistant", "content": [said]}

    def _call(self, call: ToolCall) -> Body:
        wire: Body = {"call_id": self._id(call.id), "name": self._name(call.name)}
        if call.name in self._free:
            return {"type": "custom_tool_call"} | wire | {"input": unwrap(call.arguments)}
        return {"type": "function_call"} | wire | {"arguments": call.arguments or "{}"}

    def _answer(self, call: ToolCall, found: Heard | None) -> Body:
        free = call.name in self._free
        kind = "custom_tool_call_output" if free else "function_call_output"
        told = self._told(*found) if found else NO_RESULT
        return {"type": kind, "call_id": self._id(call.id), "output": told}

    def _told(self, place: str, result: ToolResult) -> str | list[Body]:
        failed: list[Block] = [Text(FAILED)] if result.is_error else []
        told = output(result.content, place, self._quirks)
        if isinstance(told, str):
            return FAILED + told if result.is_error else told
        return parts(failed, place, self._quirks) + told

    def _heard(self, place: str, message: Message) -> Iterator[Body]:
        """What is left of a message once its results were told."""
        if message.role in ("system", "developer"):
            content, role = _input_text(system_text(message.blocks, place)), self._late_role()
        elif message.role == "user":
            own: list[Block] = [
                b for b in message.blocks if not isinstance(b, ToolResult | Thinking)
            ]
            content, role = parts(own, place, self._quirks), "user"
        else:
            raise BadRequest(f"{place}: a Responses provider knows no role {message.role!r}")
        if content:
            yield {"type": "message", "role": role, "content": content}

    def _late_role(self) -> str:
        quirks = self._quirks
        return quirks.system_role if quirks.late_system == "system" else quirks.late_system

    def _id(self, call_id: str) -> str:
        return wire_id(call_id, self._quirks.tool_id_shape)

    def _name(self, name: str) -> str:
        return wire_name(name, self._quirks.tool_name_limit)


def _input_text(text: str) -> list[Body]:
    return [{"type": "input_text", "text": text}] if text else []
