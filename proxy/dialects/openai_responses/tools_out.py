"""Tools and tool_choice as a Responses provider takes them."""

from proxy.dialects.free_text import flat_format
from proxy.dialects.model import Body, Request, Tool, ToolChoice
from proxy.dialects.names import wire_name
from proxy.dialects.quirks import Quirks
from proxy.dialects.schemas import clean

_MODES = {"auto": "auto", "any": "required", "none": "none"}


def searches(tool: Tool) -> bool:
    """Whether a provider's own tool is the web search, which this dialect has too."""
    return tool.kind == "server" and str(tool.raw.get("type", "")).startswith("web_search")


def sendable(request: Request) -> list[Tool]:
    """The tools a Responses provider can offer: all but those that run at another provider."""
    return [tool for tool in request.tools if tool.kind != "server" or searches(tool)]


def tool_fields(request: Request, quirks: Quirks) -> Body:
    """`tools`, `tool_choice` and `parallel_tool_calls`; nothing where no tool is left."""
    tools = sendable(request)
    if not tools:
        return {}
    choice = request.tool_choice
    fields: Body = {"tools": [write_tool(tool, quirks) for tool in tools]}
    fields |= _choice(choice, tools, quirks) if choice else {}
    if choice and not choice.parallel and quirks.parallel_tools:
        fields["parallel_tool_calls"] = False
    return fields


def write_tool(tool: Tool, quirks: Quirks) -> Body:
    """A tool of any dialect, but one that runs at another provider."""
    if tool.kind == "server":
        return {"type": "web_search"}
    if tool.kind == "custom":
        return _custom(tool, quirks)
    wire: Body = {"type": "function", "name": wire_name(tool.name, quirks.tool_name_limit)}
    wire |= {"description": tool.description} if tool.description else {}
    # Strict is what this API assumes where it is not told, and few clients' schemas are.
    return wire | {"parameters": clean(tool.schema, quirks.schema_cleaner), "strict": False}


def _custom(tool: Tool, quirks: Quirks) -> Body:
    """Free text stays free text: its grammar goes back from the description to its place."""
    told = tool.raw.get("custom")
    told = told if isinstance(told, dict) else {}
    description, form = told.get("description"), flat_format(told.get("format"))
    wire: Body = {"type": "custom", "name": wire_name(tool.name, quirks.tool_name_limit)}
    wire |= {"description": description} if description else {}
    return wire | ({"format": form} if form else {})


def _choice(choice: ToolChoice, tools: list[Tool], quirks: Quirks) -> Body:
    if choice.mode != "tool":
        return {"tool_choice": _MODES[choice.mode]}
    tool = next((one for one in tools if one.name == choice.name), None)
    if tool is None:
        return {}  # told by dropped(); a provider would refuse the name
    if tool.kind == "server":
        return {"tool_choice": {"type": "web_search"}}
    name = wire_name(tool.name, quirks.tool_name_limit)
    return {"tool_choice": {"type": tool.kind, "name": name}}
