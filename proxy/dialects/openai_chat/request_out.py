"""A neutral request as a Chat Completions body, bent to the provider's quirks."""

from proxy.dialects.model import Body, Request
from proxy.dialects.openai_chat.messages_out import messages
from proxy.dialects.openai_chat.tools_out import tool_fields
from proxy.dialects.quirks import DEFAULT, Quirks
from proxy.errors import BadRequest

_LADDER = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_BUDGETS = ((4096, "low"), (16384, "medium"), (float("inf"), "high"))  # tokens of thinking
_SAMPLING = ("temperature", "top_p", "top_k")


def build(request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
    """The Chat body for `model`; BadRequest for what no Chat provider can be told."""
    said = messages(request, quirks)
    if not said:
        raise BadRequest("messages: nothing in them that can be sent")
    body: Body = {"model": model, "messages": said}
    body |= tool_fields(request, quirks) | _limits(request, quirks) | _sampling(request, quirks)
    body |= effort_field(request, model, quirks) | _format(request) | _stream(request, quirks)
    return without(body, model, quirks)


def without(body: Body, model: str, quirks: Quirks) -> Body:
    """`body` less the fields that the provider, or a reasoning model of its, refuses."""
    refused = set(quirks.refuses)
    if not quirks.sampling or reasons(model, quirks):
        refused |= set(_SAMPLING)
    return {key: value for key, value in body.items() if key not in refused}


def reasons(model: str, quirks: Quirks) -> bool:
    """Whether the provider's row names this model as a reasoning one."""
    return model.rpartition("/")[2].startswith(quirks.reasoning_models or ("\0",))


def clamp(tokens: int, quirks: Quirks) -> int:
    return min(tokens, quirks.max_tokens_limit or tokens)


def _limits(request: Request, quirks: Quirks) -> Body:
    tokens, stop = request.max_tokens, request.stop[: quirks.stop_limit]
    limits: Body = {} if tokens is None else {quirks.max_tokens_name: clamp(tokens, quirks)}
    return limits | ({"stop": stop} if stop else {})


def _sampling(request: Request, quirks: Quirks) -> Body:
    wanted = [name for name in _SAMPLING if name != "top_k" or quirks.top_k]
    values = {name: getattr(request, name) for name in wanted}
    return {name: value for name, value in values.items() if value is not None}


def effort_field(request: Request, model: str, quirks: Quirks) -> Body:
    """How hard to think, by the provider's name for it and on its ladder; never a guess."""
    wanted = request.effort or _budget_effort(request)
    takes = not quirks.reasoning_models or reasons(model, quirks)
    if wanted not in _LADDER or not quirks.effort_name or not quirks.efforts or not takes:
        return {}
    return {quirks.effort_name: nearest(wanted, quirks.efforts)}


def _budget_effort(request: Request) -> str:
    """What a thinking budget amounts to.

    A client that turned thinking on and said no more leaves the effort to the model: so do we.
    """
    if not request.thinking or request.thinking_budget is None:
        return ""
    return next(effort for below, effort in _BUDGETS if request.thinking_budget < below)


def nearest(wanted: str, offered: tuple[str, ...]) -> str:
    """The offered effort closest to the wanted one; the lower of two as close."""
    rung = _LADDER.index(wanted)
    return min(offered, key=lambda effort: abs(_LADDER.index(effort) - rung))


def _format(request: Request) -> Body:
    if request.output_schema is None:
        return {}
    schema = {"name": "answer", "schema": request.output_schema}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _stream(request: Request, quirks: Quirks) -> Body:
    if not request.stream:
        return {}
    return {"stream": True} | (
        {"stream_options": {"include_usage": True}} if quirks.stream_usage else {}
    )
