"""Which tool schemas a request plainly can't use, and why each one goes.

A stripped tool can't be loaded again yet, so nothing goes but where nothing can break: while the
person has only said hello. From the first message that says more, every tool is there for good.

The day the tools come back, the prompt's prefix changes, once. That is no loss where nothing of
value was cached (a greeting), but signed thinking made without tools would be refused with them,
so a route with a fixed prefix keeps every tool from the start: fixing "none" for the whole session
would put them out of reach.
"""

import re
from collections.abc import Iterable
from typing import Final

from classifier.intent import own_words
from proxy.dialects.model import Message, Request, Text, Tool, ToolChoice
from proxy.rewrite.settings import RewriteSettings

SMALL_TALK_REASON: Final = "the conversation is small talk so far"

Stripped = tuple[tuple[str, str], ...]

_PLEASANTRY: Final = (
    r"(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|hola|bonjour|salut|ciao|hallo|ol[aá]"
    r"|good (?:morning|afternoon|evening|day|night)|what'?s up|how are you(?: doing)?(?: today)?"
    r"|how'?s it going|nice to meet you|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thank you"
    r"|many thanks|thx|ty|cheers|bye+|goodbye|see you(?: later)?|good ?night|(?:have )?a nice day)"
)
_ADDRESSED: Final = r"(?: (?:there|claude|all|everyone|team|again|friend|mate|buddy))?"
SMALL_TALK: Final = re.compile(
    rf"{_PLEASANTRY}{_ADDRESSED}(?:[\s,.!?]+{_PLEASANTRY}{_ADDRESSED}){{0,3}}[\s.!?)(:]*",
    re.IGNORECASE,
)
_LONGEST: Final = 80  # characters that small talk may take
_SPEAKERS: Final = frozenset({"user", "assistant", "system", "developer"})


def strip(request: Request, settings: RewriteSettings) -> tuple[list[Tool], Stripped]:
    """The tools that stay, and those that go with the reason; all stay if one may be missed."""
    if not _may_strip(request, settings) or not is_small_talk(request.messages):
        return request.tools, ()
    kept = [tool for tool in request.tools if tool.name in settings.never]
    gone = tuple(
        (tool.name, SMALL_TALK_REASON) for tool in request.tools if tool.name not in settings.never
    )
    return (kept, gone) if gone else (request.tools, ())


def is_small_talk(messages: Iterable[Message]) -> bool:
    """Whether nothing but pleasantries was said by the person, and nothing but text by anyone.

    "yes" and "ok" are none: they may answer an offer to do something.
    """
    return all(_is_idle(message) for message in messages)


def _may_strip(request: Request, settings: RewriteSettings) -> bool:
    return (
        settings.strip
        and not settings.fixed_prefix
        and len(request.tools) > 1
        and request.tool_choice in (None, ToolChoice("auto"))
        and "parallel_tool_calls" not in request.body  # refused without tools, as is a tool_choice
        and not any("defer_loading" in tool.raw for tool in request.tools)
    )


def _is_idle(message: Message) -> bool:
    if message.role not in _SPEAKERS:
        return False
    if message.role != "user":
        return all(isinstance(block, Text) for block in message.blocks)
    said = _said(message)
    return said is not None and len(said) <= _LONGEST and bool(SMALL_TALK.fullmatch(said))


def _said(message: Message) -> str | None:
    """The person's own words, without what the harness adds; None where there is more than text."""
    words = []
    for block in message.blocks:
        if not isinstance(block, Text):
            return None
        words.append(own_words(block.text))
    return " ".join(word for word in words if word)
