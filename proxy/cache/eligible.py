"""Which requests a cache may answer, and which answers it may keep."""

from typing import Final, NamedTuple

from proxy.cache.alone import stands_alone
from proxy.cache.volatile import volatile
from proxy.dialects.model import Answer, Request, Text, Thinking

MAX_TEMPERATURE: Final = 0.5  # a client that asks for more asks for variety; unset asks for nothing
LONGEST: Final = 400_000  # characters of system and messages

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

_WHOLE: Final = frozenset({"end_turn", "stop_sequence"})


class Eligible(NamedTuple):
    """Whether the cache may answer, and why in a few words."""

    ok: bool
    why: str


def eligible(request: Request, max_temperature: float = MAX_TEMPERATURE) -> Eligible:
    """Whether a request is text alone, deterministic enough, and asks what does not change.

    The history may be of any length: it is part of the key. Where tools are offered, a model could
    look at files with them, so that only a question which stands alone is eligible.
    """
    against = (
        _tools(request)  # first: it turns nearly all of a coding agent's requests away, and fast
        or _signs(request)
        or _temperature(request, max_temperature)
        or _content(request)
        or _question(request)
    )
    return Eligible(False, against) if against else Eligible(True, _terms(request))


def _terms(request: Request) -> str:
    turns = sum(message.role == "user" for message in request.messages)
    tools = "a question that needs no tools" if request.tools else "no tools"
    return f"{tools}, {'first turn' if turns == 1 else 'same history'}"


def worth_keeping(answer: Answer) -> bool:
    """Whether an answer is whole and text: not cut, not refused, no calls, not empty."""
    texts = [block for block in answer.blocks if isinstance(block, Text)]
    others = [block for block in answer.blocks if not isinstance(block, (Text, Thinking))]
    return answer.stop in _WHOLE and not others and any(block.text.strip() for block in texts)


def _tools(request: Request) -> str:
    if not request.tools:
        return ""
    blocks = request.messages[-1].blocks if request.messages else []
    if len(blocks) != 1 or not isinstance(blocks[0], Text) or not stands_alone(blocks[0].text):
        return "tools offered for a question that may need them"
    if any(tool.kind == "server" for tool in request.tools):
        return "tools offered that run at the provider"
    return ""


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
    text = _asked(request)
    return volatile(text) if text else "an empty question"


def _asked(request: Request) -> str:
    """All that the last message says."""
    blocks = request.messages[-1].blocks
    return "\n".join(block.text for block in blocks if isinstance(block, Text)).strip()
