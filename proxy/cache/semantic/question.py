"""What a request asks, and what must be the same in another for its answer to count."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from proxy.cache.exact import key_of
from proxy.dialects.model import Body, Request
from proxy.routing.table import Target

LONGEST: Final = 1_000  # characters: a longer one says more than its vectors do
_TURNS: Final = {
    "anthropic": "messages",
    "openai_chat": "messages",
    "openai_responses": "input",
}


class Question(NamedTuple):
    """The last user text, and 32 bytes for everything else that shapes the answer."""

    text: str
    partition: bytes


def question_of(
    request: Request,
    target: Target | str,
    credential: str,
    session_scope: str = "",
    headers: Iterable[str] = (),
) -> Question | None:
    """The question of an eligible request, its last text block; None where it has none that fits.

    All else, earlier blocks of the same message among it, is in the partition to the letter: see
    `key_of`.
    """
    place = _TURNS[request.dialect]
    turns = request.body.get(place)
    if isinstance(turns, str):
        text, rest = turns, []
    elif isinstance(turns, list) and turns and isinstance(turns[-1], dict):
        text, last = _cut(turns[-1])
        rest = [*turns[:-1], last]
    else:
        return None
    if not text.strip() or len(text) > LONGEST:
        return None
    other = replace(request, body={**request.body, place: rest})
    partition = key_of(other, target, credential, session_scope, ["semantic", *headers])
    return Question(text, partition) if partition else None


def _cut(message: Body) -> tuple[str, Body]:
    """The message's last text, and the message without it."""
    content: Any = message.get("content")
    if isinstance(content, str):
        return content, {**message, "content": None}
    if not isinstance(content, list) or not content or not isinstance(content[-1], dict):
        return "", message
    text = content[-1].get("text")
    last = {**content[-1], "text": None}
    return (text if isinstance(text, str) else ""), {**message, "content": [*content[:-1], last]}
