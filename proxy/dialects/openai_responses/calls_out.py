"""Calls by a model as items, each of the kind as which the client offered its tool."""

from collections.abc import Callable, Mapping

import orjson
from msgspec import Struct, field

from proxy.dialects.free_text import unwrap
from proxy.dialects.model import Body, Request, Tool, ToolCall
from proxy.dialects.openai.calls import NO_ARGUMENTS
from proxy.dialects.openai_responses.request_in import NAME


class Offered(Struct):
    """The client's tools, to look up what a call's name means to it."""

    tools: Mapping[str, Tool] = field(default_factory=dict)

    @classmethod
    def by(cls, request: Request | None) -> "Offered":
        """The tools of a Responses client; another dialect's calls are plain functions here."""
        own = request is not None and request.dialect == NAME
        return cls({tool.name: tool for tool in request.tools} if own and request else {})

    def kind(self, call: ToolCall) -> "Kind":
        raw = self._raw(call)
        return KINDS.get(str(raw.get("type")), KINDS["function"])

    def item(self, call: ToolCall, item_id: str, status: str) -> Body:
        """A call as it stands; ids and arguments are the call's own."""
        raw = self._raw(call)
        named: Body = {"name": raw.get("name") or call.name}
        named |= {"namespace": raw["namespace"]} if raw.get("namespace") else {}
        kind = self.kind(call)
        wire = {"id": item_id, "type": kind.type, "status": status, "call_id": call.id}
        bare = not call.arguments and status == "completed" and kind.key == "arguments"
        return wire | kind.fields(NO_ARGUMENTS if bare else call.arguments, named)

    def _raw(self, call: ToolCall) -> Body:
        tool = self.tools.get(call.name)
        return tool.raw if tool else {}


def _function(arguments: str, named: Body) -> Body:
    return named | {"arguments": arguments}


def _custom(arguments: str, named: Body) -> Body:
    return named | {"input": unwrap(arguments)}


def _search(arguments: str, named: Body) -> Body:
    return {"execution": "client", "arguments": _object(arguments)}


def _shell(arguments: str, named: Body) -> Body:
    return {"action": {"type": "exec", "env": {}} | _object(arguments)}


def _object(arguments: str) -> Body:
    """Arguments as the object that these items want; unreadable ones under their own name."""
    try:
        found = orjson.loads(arguments or "{}")
    except orjson.JSONDecodeError:
        found = None
    return found if isinstance(found, dict) else {"input": arguments}


class Kind(Struct, frozen=True):
    """One kind of call item, and the events that tell its arguments, where there are any."""

    type: str
    prefix: str
    fields: Callable[[str, Body], Body]
    event: str = ""  # response.EVENT.delta and .done
    key: str = ""  # what the done event calls the whole


KINDS: dict[str, Kind] = {
    "function": Kind("function_call", "fc", _function, "function_call_arguments", "arguments"),
    "custom": Kind("custom_tool_call", "ctc", _custom, "custom_tool_call_input", "input"),
    "tool_search": Kind("tool_search_call", "tsc", _search),
    "local_shell": Kind("local_shell_call", "lsh", _shell),
}
