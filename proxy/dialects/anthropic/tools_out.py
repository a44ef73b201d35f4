"""Neutral tools as the Messages API takes them."""

from typing import Final

from proxy.dialects.free_text import FREE_TEXT
from proxy.dialects.model import Body, Tool
from proxy.dialects.names import wire_name
from proxy.dialects.quirks import Quirks


def write_tool(tool: Tool, quirks: Quirks) -> Body | None:
    """A tool of any dialect; None where it runs at another provider."""
    if tool.kind == "server":
        return _SEARCH if web_search(tool) else None
    schema = FREE_TEXT if tool.kind == "custom" else tool.schema
    wire: Body = {"name": wire_name(tool.name, quirks.tool_name_limit)}
    if tool.description:
        wire["description"] = tool.description
    wire["input_schema"] = schema if schema.get("type") else _EMPTY | schema
    if cache := tool.raw.get("cache_control"):
        wire["cache_control"] = cache
    return wire


_EMPTY: Final[Body] = {"type": "object", "properties": {}}
_SEARCH: Final[Body] = {"type": "web_search_20250305", "name": "web_search"}


def web_search(tool: Tool) -> bool:
    """Whether a provider's own tool is the web search, which this dialect has too."""
    return str(tool.raw.get("type", "")).startswith("web_search")
