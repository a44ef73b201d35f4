"""An exchange's input tokens before and after its rewrite, and where the rewrite saved them."""

from collections.abc import Iterator
from functools import partial

from proxy.dialects.model import Request
from proxy.exchange import Counts
from proxy.memo import Memo
from proxy.tokens.counter import Quick, Slow
from proxy.tokens.prints import prints_of
from proxy.tokens.sections import (
    Measure,
    Sections,
    by_length,
    exact_for,
    of_blocks,
    of_message,
    of_pieces,
    of_tools,
)

_of_tools = Memo[int](200)
_of_message = Memo[int](8_192)


def counts(asked: Request, sent: Request) -> Counts:
    """What came and what was sent, each part that both have counted once. Call it off the loop."""
    return _counts(asked, sent, exact_for(asked))


def quick_counts(asked: Request, sent: Request) -> Counts | None:
    """The same on the loop; None where that would take long."""
    try:
        return _counts(asked, sent, Quick())
    except Slow:
        return None


def _counts(asked: Request, sent: Request, measure: Measure) -> Counts:
    came, went = prints_of(asked, sent)
    before = Sections(
        of_pieces(of_blocks(asked.system), measure),
        _tools(asked, measure),
        _messages(asked, came, measure),
    )
    if sent is asked:
        return Counts(before.tokens, before.tokens)
    after = _changed(asked, sent, went, before, measure)
    return Counts(before.tokens, after.tokens, tuple(_places(before, after)))


def _changed(
    asked: Request, sent: Request, went: list[int], before: Sections, measure: Measure
) -> Sections:
    """What was sent, where what came is counted: only what differs is read."""
    system, tools, messages = before.system, before.tools, before.messages
    if sent.system is not asked.system:
        system = of_pieces(of_blocks(sent.system), measure)
    if sent.tools is not asked.tools:
        tools = _tools(sent, measure)
    if sent.messages is not asked.messages:
        messages = _messages(sent, went, measure)
    return Sections(system, tools, messages)


def _messages(request: Request, prints: list[int], measure: Measure) -> list[int]:
    """Nearly all of them stood in the request before this one, too."""
    if measure is by_length:  # which is no count to be kept
        return [of_message(message, measure) for message in request.messages]
    return [
        _of_message.peek(key) or _of_message.get(key, partial(of_message, message, measure))
        for key, message in zip(prints, request.messages, strict=True)
    ]


def _tools(request: Request, measure: Measure) -> int:
    """A client sends the same tools again and again."""
    return _of_tools.get(request.tools_print, lambda: of_tools(request, measure))


def _places(before: Sections, after: Sections) -> Iterator[tuple[int, int]]:
    """Where in what was sent (tokens before the middle of the piece), and how many were saved.

    Tools come first, then the system prompt, then the messages, as providers read them.
    """
    if before.tools != after.tools:
        yield after.tools // 2, before.tools - after.tools
    at = after.tools + after.system
    for was, now in zip(before.messages, after.messages, strict=False):
        if was != now:
            yield at + now // 2, was - now
        at += now
