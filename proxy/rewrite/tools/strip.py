"""Which tool schemas go, and in which order those that stay are sent.

What the first turn can use stays where it is. The loader, with a line about each tool that went,
follows; then what later turns turned out to need, in the order in which that happened. So a turn's
tools begin with those of the turn before. Where the upstream binds its thinking to the tools it was
given (`fixed_prefix`), nothing is added after the first turn.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

import orjson

from proxy.dialects.model import Message, Request, Tool, ToolCall
from proxy.rewrite.choice import choose, compact, line_of
from proxy.rewrite.settings import RewriteSettings
from proxy.rewrite.tools.own import CALLER, LOAD, loader, wanted
from proxy.tokens import estimate

LEAST: Final = 150  # tokens to be saved, or a request's tools are left as they are
FEWEST: Final = 3  # tools

_OWN: Final = "lynkr_"

Stripped = tuple[tuple[str, str], ...]


class _Parted(NamedTuple):
    """A request's tools: of the first turn, the proxy's own, of later turns, and those that go."""

    kept: list[Tool]
    own: list[Tool]
    later: list[Tool]
    gone: Stripped


def strip(
    request: Request, settings: RewriteSettings, also: Sequence[Tool] = ()
) -> tuple[list[Tool], Stripped]:
    """The tools that are sent, and those that go with the reason; the same list if none does.

    `also` are tools of the proxy's own that are sent in any case.
    """
    tools = _compacted(request.tools) if settings.strip else request.tools
    parted = _parted(request, tools, settings) if settings.strip and _may_strip(request) else None
    if parted is None:
        return ([*tools, *also] if also else tools), ()
    return [*parted.kept, *parted.own, *also, *parted.later], parted.gone


def _parted(request: Request, tools: list[Tool], settings: RewriteSettings) -> _Parted | None:
    """None where nothing goes, or too little to be worth it."""
    first = _kept(request, _first(request.messages), settings) | _always(request, settings)
    out = {tool.name: tool for tool in tools if tool.name not in first}
    own = _own(list(out.values()), settings.fixed_prefix)
    if not out or cost(out.values()) - cost(own) < LEAST:
        return None
    later = [out.pop(name) for name in _added(request, first, settings) if name in out]
    reasons = choose(request.messages, request.tools, settings.fixed_prefix).reasons
    gone = tuple((name, reasons.get(name, "")) for name in out)
    return _Parted([tool for tool in tools if tool.name in first], own, later, gone)


def cost(tools: Iterable[Tool]) -> int:
    """Tokens of their schemas, estimated."""
    return sum(estimate(_size(tool)) for tool in tools)


def _size(tool: Tool) -> int:
    wire = tool.raw or (tool.name, tool.description, tool.schema)
    try:
        return len(orjson.dumps(wire))
    except TypeError:  # nested too deep to be written
        return len(str(wire))


def _compacted(tools: list[Tool]) -> list[Tool]:
    made = [compact(tool) for tool in tools]
    return made if any(new is not old for new, old in zip(made, tools, strict=True)) else tools


def _own(gone: Sequence[Tool], fixed: bool) -> list[Tool]:
    return [loader(map(line_of, gone), fixed), *([CALLER] if fixed else [])]


def _may_strip(request: Request) -> bool:
    """Whether the proxy may take tools out, and bring in its own."""
    choice = request.body.get("tool_choice")
    return (
        len(request.tools) >= FEWEST
        and "functions" not in request.body
        and not request.held  # what was used before is not known here
        and not (isinstance(choice, dict) and choice.get("type") == "allowed_tools")
        and not any("defer_loading" in tool.raw for tool in request.tools)
        and not any(tool.name.startswith(_OWN) for tool in request.tools)
    )


def _first(messages: list[Message]) -> int:
    """How many messages there were before the model first answered."""
    answered = (at for at, message in enumerate(messages) if message.role == "assistant")
    return next(answered, len(messages))


def _kept(request: Request, upto: int, settings: RewriteSettings) -> frozenset[str]:
    """Names of what the first `upto` messages need; a namespace stays whole."""
    kept = choose(request.messages[:upto], request.tools, settings.fixed_prefix).kept
    spaces = {_space(tool) for tool in request.tools if tool.name in kept} - {""}
    return kept | {tool.name for tool in request.tools if _space(tool) in spaces}


def _space(tool: Tool) -> str:
    space = tool.raw.get("namespace")
    return space if isinstance(space, str) else ""


def _always(request: Request, settings: RewriteSettings) -> frozenset[str]:
    return frozenset(tool.name for tool in request.tools if _stays(tool, settings))


def _stays(tool: Tool, settings: RewriteSettings) -> bool:
    """A cache mark stays with its tool: what the client meant to be cached ends there."""
    return tool.name in settings.never or tool.kind == "server" or "cache_control" in tool.raw


def _added(request: Request, first: frozenset[str], settings: RewriteSettings) -> list[str]:
    """Names of what is needed beyond `first`, in the order in which that showed."""
    found: dict[str, None] = {}
    if not settings.fixed_prefix:
        found |= dict.fromkeys(_grown(request, first, settings))
        calls = chain.from_iterable(message.blocks for message in request.ours)
        for call in calls:
            if isinstance(call, ToolCall):
                found |= dict.fromkeys(wanted(call) if call.name == LOAD else (call.name,))
    if request.tool_choice and request.tool_choice.mode == "tool":
        found[request.tool_choice.name] = None
    return [name for name in found if name not in first]


def _grown(request: Request, first: frozenset[str], settings: RewriteSettings) -> list[str]:
    everything = _kept(request, len(request.theirs), settings) - first
    if len(everything) < 2:
        return list(everything)
    found: dict[str, None] = {}
    for upto in range(1, len(request.theirs) + 1):
        fresh = _kept(request, upto, settings) - first
        found |= dict.fromkeys(tool.name for tool in request.tools if tool.name in fresh)
    return list(found)
