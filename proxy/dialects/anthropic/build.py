"""A neutral request of any dialect as a Messages body."""

from typing import Final

from proxy.dialects.anthropic.blocks_out import write_block
from proxy.dialects.anthropic.claude import Traits, traits
from proxy.dialects.anthropic.own_out import rebuild
from proxy.dialects.anthropic.tools_out import web_search, write_tool
from proxy.dialects.anthropic.turns import Turns, split_system
from proxy.dialects.foreign import refuse_held
from proxy.dialects.model import Body, Request, Thinking
from proxy.dialects.names import wire_name
from proxy.dialects.quirks import DEFAULT, Quirks
from proxy.errors import BadRequest

_LADDER: Final = ("minimal", "low", "medium", "high", "xhigh", "max")
_BUDGETS: Final = {"minimal": 1024, "low": 2048, "medium": 8192, "high": 16384}
_MOST: Final = 32_000  # thinking tokens for efforts above the table
_LEAST: Final = 1024  # the API's own floor
_LONGEST_USER: Final = 256


def build(request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
    """The body for `model`. A Messages client's own body goes on with only the model changed.

    BadRequest names the message that no Messages provider can be told.
    """
    if request.dialect == "anthropic":
        body = rebuild(request, model, quirks)
        if _over(request, quirks):
            body["max_tokens"] = quirks.max_tokens_limit
    else:
        body = _translated(request, model, quirks)
    return {key: value for key, value in body.items() if key not in quirks.refuses}


def _over(request: Request, quirks: Quirks) -> bool:
    limit = quirks.max_tokens_limit
    return bool(limit and request.max_tokens and request.max_tokens > limit)


def _translated(request: Request, model: str, quirks: Quirks) -> Body:
    refuse_held(request)
    able = traits(model)
    system, messages = split_system(request)
    turns = Turns(quirks)
    for at, message in messages:
        turns.add(at, message)
    said = turns.finish(prefill=not able.adaptive)
    if not said:
        raise BadRequest("messages: nothing in them that can be sent")
    tokens = _max_tokens(request, able, quirks)
    body: Body = {"model": model, "max_tokens": tokens}
    if system:
        body["system"] = [write_block(text) for text in system]
    body |= {"messages": said} | _tool_fields(request, quirks)
    thinking = _thinking(request, able, tokens, said)
    body |= thinking | _output(request, able, quirks)
    return body | _sampling(request, able, quirks, "thinking" in thinking) | _rest(request)


def _max_tokens(request: Request, able: Traits, quirks: Quirks) -> int:
    wanted = request.max_tokens or able.max_tokens
    return min(wanted, quirks.max_tokens_limit or wanted)


def _tool_fields(request: Request, quirks: Quirks) -> Body:
    tools = [wire for tool in request.tools if (wire := write_tool(tool, quirks))]
    if not tools:
        return {}
    return {"tools": tools} | _choice(request, quirks)


def _choice(request: Request, quirks: Quirks) -> Body:
    choice = request.tool_choice
    if choice is None:
        return {}
    wire: Body = {"type": choice.mode}
    if choice.mode == "tool":
        wire["name"] = wire_name(choice.name, quirks.tool_name_limit)
    if not choice.parallel and choice.mode != "none" and quirks.parallel_tools:
        wire["disable_parallel_tool_use"] = True
    return {"tool_choice": wire}


def _forced(request: Request) -> bool:
    return request.tool_choice is not None and request.tool_choice.mode in ("any", "tool")


def _thinking(request: Request, able: Traits, tokens: int, said: list[Body]) -> Body:
    """How the model may think; the API refuses it beside a forced tool."""
    wanted = request.effort not in ("", "none") or request.thinking
    if not wanted or request.thinking is False or request.effort == "none" or _forced(request):
        return {}
    if able.adaptive:
        return {"thinking": {"type": "adaptive"}}
    asked = request.thinking_budget or _BUDGETS.get(request.effort or "medium", _MOST)
    budget = min(asked, tokens // 2)
    if not able.budget or budget < _LEAST or _in_tool_round(said):
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def _in_tool_round(said: list[Body]) -> bool:
    """A budgeted model wants its own signed thinking back there, which this client never had."""
    first: Body = said[-1]["content"][0]
    return bool(first["type"] == "tool_result")


def _output(request: Request, able: Traits, quirks: Quirks) -> Body:
    config: Body = {}
    if able.adaptive and quirks.effort_name and quirks.efforts and request.effort in _LADDER:
        config["effort"] = _nearest(request.effort, quirks.efforts)
    if request.output_schema is not None:
        config["format"] = {"type": "json_schema", "schema": request.output_schema}
    return {"output_config": config} if config else {}


def _nearest(wanted: str, offered: tuple[str, ...]) -> str:
    rung = _LADDER.index(wanted)
    known = [effort for effort in offered if effort in _LADDER]
    return min(known, key=lambda effort: abs(_LADDER.index(effort) - rung), default=wanted)


def _sampling(request: Request, able: Traits, quirks: Quirks, thinks: bool) -> Body:
    """Temperature and the like, where the model takes them; none beside thinking."""
    if thinks or not quirks.sampling or not able.sampling:
        return {}
    wire: Body = {}
    if request.temperature is not None:
        wire["temperature"] = min(request.temperature, 1)
    if request.top_p is not None and (able.both_samplings or not wire):
        wire["top_p"] = request.top_p
    if request.top_k is not None:
        wire["top_k"] = request.top_k
    return wire


def _rest(request: Request) -> Body:
    wire: Body = {}
    if stops := [stop for stop in request.stop if stop.strip()]:
        wire["stop_sequences"] = stops
    if request.user and len(request.user) <= _LONGEST_USER:
        wire["metadata"] = {"user_id": request.user}
    if request.stream:
        wire["stream"] = True
    return wire


def dropped(request: Request, quirks: Quirks = DEFAULT) -> list[str]:
    """What `build` leaves out, in words; what a model's generation refuses is told by its name."""
    found = [f"{key}: this provider refuses it" for key in quirks.refuses if key in request.body]
    if request.dialect == "anthropic":
        return found
    for tool in request.tools:
        if tool.kind == "server" and not web_search(tool):
            found.append(f"tool {tool.name}: it runs at another provider")
    if any(isinstance(block, Thinking) for m in request.messages for block in m.blocks):
        found.append("earlier thinking: this provider did not sign it")
    if any(not stop.strip() for stop in request.stop):
        found.append("blank stop sequences: a Messages provider refuses them")
    if len(request.user) > _LONGEST_USER:
        found.append(f"user: longer than {_LONGEST_USER} characters")
    return found
