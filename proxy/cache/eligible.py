"""Which requests a cache may answer, and which answers it may keep."""

import re
from typing import Final, NamedTuple

from proxy.dialects.model import Answer, Request, Text, Thinking

MAX_TEMPERATURE: Final = 0.5  # a client that asks for more asks for variety; unset asks for nothing
LONGEST: Final = 400_000  # characters of system and messages
_SAMPLE: Final = 400  # characters of each end of a question, where the question itself stands

# Body fields under which an answer depends on more than the request, or is more than one text.
_SIGNS: Final = {
    "audio": "audio asked for",
    "background": "state kept at the provider",
    "container": "state kept at the provider",
    "conversation": "state kept at the provider",
    "function_call": "tools offered",
    "functions": "tools offered",
    "logprobs": "log probabilities asked for",
    "mcp_servers": "tools offered",
    "modalities": "more than text asked for",
    "previous_response_id": "state kept at the provider",
    "top_logprobs": "log probabilities asked for",
    "web_search_options": "web search asked for",
}

VOLATILE: Final = re.compile(
    r"\b(?:today|tonight|tomorrow|yesterday|now|nowadays|currently|current|at the moment|latest"
    r"|newest|recent|recently|up[- ]to[- ]date|this (?:morning|evening|week|month|year)"
    r"|what (?:time|date|day|year)|what'?s the (?:time|date)|weather|forecast|temperature outside"
    r"|(?:stock|share|exchange|interest) (?:price|rate)s?|how much (?:is|are|does)|price of|news"
    r"|random|randomly|another|surprise me|roll (?:a|the) dice|flip a coin)\b",
    re.IGNORECASE,
)

_WHOLE: Final = frozenset({"end_turn", "stop_sequence"})


class Eligible(NamedTuple):
    """Whether the cache may answer, and why in a few words."""

    ok: bool
    why: str


def eligible(request: Request, max_temperature: float = MAX_TEMPERATURE) -> Eligible:
    """Whether a request is text alone, free of tools, deterministic enough, and not of the moment.

    The history may be of any length: it is part of the key.
    """
    against = (
        _tools(request)
        or _signs(request)
        or _temperature(request, max_temperature)
        or _content(request)
        or _question(request)
    )
    if against:
        return Eligible(False, against)
    turns = sum(message.role == "user" for message in request.messages)
    return Eligible(True, "no tools, first turn" if turns == 1 else "no tools, same history")


def worth_keeping(answer: Answer) -> bool:
    """Whether an answer is whole and text: not cut, not refused, no calls, not empty."""
    texts = [block for block in answer.blocks if isinstance(block, Text)]
    others = [block for block in answer.blocks if not isinstance(block, (Text, Thinking))]
    return answer.stop in _WHOLE and not others and any(block.text.strip() for block in texts)


def _tools(request: Request) -> str:
    return "tools offered" if request.tools else ""


def _signs(request: Request) -> str:
    if request.body.get("n") not in (None, 1):
        return "more than one answer asked for"
    if request.dialect == "openai_responses" and request.body.get("store") is not False:
        return "an answer that the client may go on from by its id"
    return next((why for name, why in _SIGNS.items() if request.body.get(name)), "")


def _temperature(request: Request, most: float) -> str:
    if request.temperature is not None and request.temperature > most:
        return f"temperature above {most:g}"
    return ""


def _content(request: Request) -> str:
    chars = 0
    for blocks in (request.system, *(message.blocks for message in request.messages)):
        for block in blocks:
            if not isinstance(block, Text):
                return "more than text"
            chars += len(block.text)
    return "too long" if chars > LONGEST else ""


def _question(request: Request) -> str:
    last = request.messages[-1] if request.messages else None
    if last is None or last.role != "user":
        return "no question at the end"
    text = "\n".join(block.text for block in last.blocks if isinstance(block, Text)).strip()
    if not text:
        return "an empty question"
    return "depends on the moment" if VOLATILE.search(_ends(text)) else ""


def _ends(text: str) -> str:
    return text if len(text) <= 2 * _SAMPLE else f"{text[:_SAMPLE]}\n{text[-_SAMPLE:]}"
