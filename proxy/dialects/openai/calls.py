"""Arguments and text as OpenAI servers spell them, and why an answer stopped."""

import orjson

from proxy.dialects.model import Json, StopReason

_STOPS: dict[str, StopReason] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}


def stop_reason(finish: Json, arguments: list[str], refused: bool = False) -> StopReason:
    """Why it stopped, given the arguments of its calls: calls outweigh what the provider says.

    Except for a call that the token limit cut off: that one can't be made.
    """
    if finish == "length" and not all(whole(text) for text in arguments if text):
        return "max_tokens"
    if arguments:
        return "tool_use"
    return "refusal" if refused else _STOPS.get(str(finish), "end_turn")


def whole(arguments: str) -> bool:
    """Whether the arguments are one JSON object, so that nothing can follow them."""
    if not arguments.rstrip().endswith("}"):
        return False
    try:
        return isinstance(orjson.loads(arguments), dict)
    except orjson.JSONDecodeError:
        return False


NO_ARGUMENTS = "{}"  # what a client can parse, where a call came without any


def argument_text(arguments: Json) -> str:
    """Arguments as JSON text; some providers send the object itself."""
    if arguments is None:
        return ""
    return arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()


def plain_text(content: Json) -> str:
    """Content as a string; a list of parts gives its texts."""
    if isinstance(content, list):
        return "".join(plain_text(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""
