"""Tools and tool_choice as a Chat provider takes them."""

from proxy.dialects.free_text import FREE_TEXT
from proxy.dialects.model import Body, Request, Tool, ToolChoice
from proxy.dialects.names import wire_name
from proxy.dialects.quirks import Quirks
from proxy.dialects.schemas import clean

_MODES = {"auto": "auto", "any": "required", "none": "none"}


def callable_tools(request: Request) -> list[Tool]:
    """The tools a Chat provider can offer: all but those that run at another provider."""
    return [tool for tool in request.tools if tool.kind != "server"]


def tool_fields(request: Request, quirks: Quirks) -> Body:
    """`tools`, `tool_choice` and `parallel_tool_calls`; nothing where no tool is left."""
    tools = callable_tools(request)
    if not tools:
        return {}
    choice = request.tool_choice
    fields: Body = {"tools": [write_tool(tool, quirks) for tool in tools]}
    fields |= _choice(choice, {tool.name for tool in tools}, quirks) if choice else {}
    if choice and not choice.parallel and quirks.parallel_tools:
        fields["parallel_tool_calls"] = False
    return fields


def write_tool(tool: Tool, quirks: Quirks) -> Body:
    """Name, description and schema alone: other fields are between a client and its vendor."""
    schema = FREE_TEXT if tool.kind == "custom" else tool.schema
    function: Body = {"name": wire_name(tool.name, quirks.tool_name_limit)}
    function |= {"description": tool.description} if tool.description else {}
    function["parameters"] = clean(schema, quirks.schema_cleaner)
    return {"type": "function", "function": function}


def _choice(choice: ToolChoice, offered: set[str], quirks: Quirks) -> Body:
    if choice.mode != "tool":
        return {"tool_choice": _MODES[choice.mode]}
    if choice.name not in offered:
        return {}  # told by dropped(); a provider would refuse the name
    name = wire_name(choice.name, quirks.tool_name_limit)
    return {"tool_choice": {"type": "function", "function": {"name": name}}}
