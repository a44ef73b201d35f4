"""Finds what is wrong with the tool calls of an answer, by the tools that the client offered."""

from collections.abc import Iterator, Mapping
from functools import cached_property

import orjson
from msgspec import Struct

from proxy.dialects.model import (
    Answer,
    Json,
    Message,
    Other,
    Request,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.quality.schemas import complaint


class Fault(Struct, frozen=True):
    """What is wrong with an answer, in words; `call` is the one it is about, if it is about one."""

    why: str
    call: ToolCall | None = None


class Offer:
    """The tools of a request, by which calls are checked."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.tools: Mapping[str, Tool] = {tool.name: tool for tool in request.tools}

    @cached_property
    def open(self) -> bool:
        """Whether others may be called as well: tools that run at the provider, or that the client
        brings in as it goes."""
        served = any(tool.kind == "server" for tool in self._request.tools)
        return served or not self.tools or any(map(_refers, self._request.messages))

    def fault(self, call: ToolCall) -> Fault | None:
        """What is wrong with one call."""
        tool = self.tools.get(call.name)
        if tool is None:
            return None if self.open else Fault(f"called {call.name!r}, which is no tool", call)
        if tool.kind != "function":
            return None
        try:
            arguments = arguments_of(call)
        except ValueError:
            return Fault(f"{call.name}: arguments that are not JSON", call)
        if not isinstance(arguments, dict):
            return Fault(f"{call.name}: arguments that are no JSON object", call)
        why = complaint(tool.schema, arguments)
        return Fault(f"{call.name}: {why}", call) if why else None


def arguments_of(call: ToolCall) -> Json:
    """The arguments as a value; none are an empty object. ValueError where they are not JSON."""
    return orjson.loads(call.arguments) if call.arguments.strip() else {}


def faults_of(answer: Answer, offer: Offer) -> Iterator[Fault]:
    """The faults of each call; an answer that was cut short is the client's to judge."""
    if answer.stop in ("max_tokens", "refusal"):
        return
    for block in answer.blocks:
        if isinstance(block, ToolCall) and (fault := offer.fault(block)):
            yield fault


def answers_a_result(messages: list[Message]) -> bool:
    """Whether the answer to `messages` is one to a tool's result."""
    last = messages[-1].blocks if messages else ()
    return any(isinstance(block, ToolResult) for block in last)


def says_nothing(answer: Answer) -> bool:
    """Whether an answer that was not cut short has neither a word nor a call."""
    return answer.stop not in ("max_tokens", "refusal") and not any(map(_says, answer.blocks))


def _says(block: object) -> bool:
    return bool(block.text.strip()) if isinstance(block, Text) else isinstance(block, ToolCall)


def _refers(message: Message) -> bool:
    """Whether it brings in tools that were not offered before."""
    for block in message.blocks:
        inner = block.content if isinstance(block, ToolResult) else (block,)
        if any(isinstance(one, Other) and one.raw.get("type") == "tool_reference" for one in inner):
            return True
    return False
