"""A neutral request as a Chat Completions body, bent to the provider's quirks."""

from proxy.dialects.foreign import refuse_held
from proxy.dialects.model import Body, Request
from proxy.dialects.openai.limits import clamp, effort, without
from proxy.dialects.openai_chat.messages_out import messages
from proxy.dialects.openai_chat.tools_out import tool_fields
from proxy.dialects.quirks import DEFAULT, Quirks
from proxy.errors import BadRequest

_SAMPLING = ("temperature", "top_p", "top_k")


def build(request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
    """The Chat body for `model`; BadRequest for what no Chat provider can be told."""
    refuse_held(request)
    said = messages(request, quirks)
    if not said:
        raise BadRequest("messages: nothing in them that can be sent")
    body: Body = {"model": model, "messages": said}
    body |= tool_fields(request, quirks) | _limits(request, quirks) | _sampling(request, quirks)
    body |= effort_field(request, model, quirks) | _format(request) | _stream(request, quirks)
    return without(body, model, quirks)


def _limits(request: Request, quirks: Quirks) -> Body:
    tokens, stop = request.max_tokens, request.stop[: quirks.stop_limit]
    limits: Body = {} if tokens is None else {quirks.max_tokens_name: clamp(tokens, quirks)}
    return limits | ({"stop": stop} if stop else {})


def _sampling(request: Request, quirks: Quirks) -> Body:
    wanted = [name for name in _SAMPLING if name != "top_k" or quirks.top_k]
    values = {name: getattr(request, name) for name in wanted}
    return {name: value for name, value in values.items() if value is not None}


def effort_field(request: Request, model: str, quirks: Quirks) -> Body:
    """How hard to think, by the provider's name for it."""
    wanted = effort(request, model, quirks)
    return {quirks.effort_name: wanted} if wanted else {}


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
