"""A neutral request of another dialect as a Responses body, bent to the provider's quirks."""

from proxy.dialects.foreign import refuse_held
from proxy.dialects.model import Body, Request
from proxy.dialects.openai.content import system_text
from proxy.dialects.openai.counts import known
from proxy.dialects.openai.limits import clamp, effort, without
from proxy.dialects.openai_responses.items_out import items
from proxy.dialects.openai_responses.tools_out import tool_fields
from proxy.dialects.quirks import DEFAULT, Quirks
from proxy.errors import BadRequest

_LEAST = 16  # output tokens; the API refuses less


def build(request: Request, model: str, quirks: Quirks = DEFAULT) -> Body:
    """The Responses body for `model`; BadRequest for what no Responses provider can be told.

    `store` is off: the client sends its whole conversation, so nothing need be kept.
    """
    refuse_held(request)
    said, prompt = items(request, quirks), system_text(request.system)
    if not said and prompt:
        part = {"type": "input_text", "text": prompt}
        said = [{"type": "message", "role": quirks.system_role, "content": [part]}]
        prompt = ""
    if not said:
        raise BadRequest("messages: nothing in them that can be sent")
    body: Body = {"model": model, "input": said, "store": False}
    body |= {"instructions": prompt} if prompt else {}
    body |= tool_fields(request, quirks) | _limits(request, quirks) | _format(request)
    body |= _reasoning(request, model, quirks) | ({"stream": True} if request.stream else {})
    return without(body, model, quirks)


def _limits(request: Request, quirks: Quirks) -> Body:
    tokens = request.max_tokens
    values = {
        "max_output_tokens": None if tokens is None else max(_LEAST, clamp(tokens, quirks)),
        "temperature": request.temperature,
        "top_p": request.top_p,
    }
    return known(values)


def _reasoning(request: Request, model: str, quirks: Quirks) -> Body:
    wanted = effort(request, model, quirks)
    return {"reasoning": {"effort": wanted}} if wanted else {}


def _format(request: Request) -> Body:
    if request.output_schema is None:
        return {}
    form = {"type": "json_schema", "name": "answer", "schema": request.output_schema}
    return {"text": {"format": form | {"strict": False}}}
