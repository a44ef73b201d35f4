"""A Chat body bent to what its provider takes; what fits already stays the same object."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from proxy.dialects.model import Body, Json, Request
from proxy.dialects.names import wire_id
from proxy.dialects.openai.limits import LADDER, nearest
from proxy.dialects.openai_chat.signatures import split_id
from proxy.dialects.quirks import DEFAULT, Quirks

_OF_TOOLS: Final = frozenset({"tools", "tool_choice", "parallel_tool_calls"})
_EFFORT: Final = "reasoning_effort"


def bend(body: Body, model: str, quirks: Quirks) -> Body:
    """`body` within the provider's ranges, without what it refuses."""
    for step in _STEPS:
        body = step(body, model, quirks)
    return body


def bent(request: Request, quirks: Quirks) -> Iterator[str]:
    """What `bend` takes from a Chat client's own request, in words."""
    for name in sorted(quirks.refuses & request.body.keys()):
        yield f"{name}: this provider refuses it"
    choice = _choice_kind(request.body.get("tool_choice"))
    if choice and choice not in quirks.tool_choices:
        yield f"tool_choice {choice}: this provider takes {', '.join(sorted(quirks.tool_choices))}"


def _temperature(body: Body, model: str, quirks: Quirks) -> Body:
    given, limit = body.get("temperature"), quirks.temperature_limit
    if limit is None or not isinstance(given, int | float) or given <= limit:
        return body
    return body | {"temperature": limit}


def _stop(body: Body, model: str, quirks: Quirks) -> Body:
    stop = body.get("stop")
    if not isinstance(stop, list) or len(stop) <= quirks.stop_limit:
        return body
    return body | {"stop": stop[: quirks.stop_limit]}


def _choice_kind(choice: Json) -> str:
    if isinstance(choice, dict):
        return "function"
    return choice if isinstance(choice, str) else ""


def _tool_choice(body: Body, model: str, quirks: Quirks) -> Body:
    """A choice that the provider can't be told is left to it; `none` leaves it no tools."""
    kind = _choice_kind(body.get("tool_choice"))
    if not kind or kind in quirks.tool_choices:
        return body
    gone = _OF_TOOLS if kind == "none" else {"tool_choice"}
    return {key: value for key, value in body.items() if key not in gone}


def _effort(body: Body, model: str, quirks: Quirks) -> Body:
    """An effort only for models that take one, and on the provider's ladder where it says one."""
    wanted, able = body.get(_EFFORT), quirks.effort_models or quirks.reasoning_models
    if not isinstance(wanted, str):
        return body
    if able and not model.rpartition("/")[2].startswith(able):
        return {key: value for key, value in body.items() if key != _EFFORT}
    if quirks.efforts == DEFAULT.efforts or wanted not in LADDER:
        return body
    return body | {_EFFORT: nearest(wanted, quirks.efforts)}


def _messages(body: Body, model: str, quirks: Quirks) -> Body:
    shaped = quirks.tool_id_shape != "openai" or quirks.reasoning_field
    if not quirks.message_refuses and not shaped:
        return body
    return body | {"messages": [_message(message, quirks) for message in body["messages"]]}


def _message(message: Body, quirks: Quirks) -> Body:
    kept = {key: value for key, value in message.items() if key not in quirks.message_refuses}
    if isinstance(kept.get("tool_call_id"), str):
        kept["tool_call_id"] = _id(kept["tool_call_id"], quirks)
    if isinstance(kept.get("tool_calls"), list):
        kept["tool_calls"] = [_call(call, quirks) for call in kept["tool_calls"]]
        if quirks.reasoning_field:
            kept.setdefault(quirks.reasoning_field, "")  # refused without, where there are calls
    return kept


def _call(call: Any, quirks: Quirks) -> Any:
    return call | {"id": _id(call["id"], quirks)} if isinstance(call.get("id"), str) else call


def _id(call_id: str, quirks: Quirks) -> str:
    if quirks.tool_id_shape == "openai":
        return call_id  # a Chat client's own
    return wire_id(split_id(call_id)[0], quirks.tool_id_shape)


_STEPS: Final[tuple[Callable[[Body, str, Quirks], Body], ...]] = (
    _temperature,
    _stop,
    _tool_choice,
    _effort,
    _messages,
)
