"""An exchange's input tokens before and after its rewrite, and where the rewrite saved them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from proxy.dialects.model import Request
from proxy.exchange import Counts, Tokens
from proxy.tokens import MOST_TOKENS, count_if_quick, count_message, count_request

SECTIONS: Final = ("system", "tools", "messages")

Count = Callable[[Request], Tokens | None]


def counts(asked: Request, sent: Request) -> Counts | None:
    """What came and what was sent, each text that both have counted once. Call it off the loop."""
    return _counts(count_request, asked, sent)


def quick_counts(asked: Request, sent: Request) -> Counts | None:
    """The same on the loop; None where that would take long."""
    return _counts(count_if_quick, asked, sent)


def _counts(count: Count, asked: Request, sent: Request) -> Counts | None:
    before = count(asked)
    if before is None or sent is asked:
        return None if before is None else Counts(before, before)
    after = _changed(count, asked, sent, before)
    if after is None:
        return None
    return Counts(before, after, tuple(_places(asked, sent, before, after)))


def _changed(count: Count, asked: Request, sent: Request, before: Tokens) -> Tokens | None:
    """The count of `sent`, where that of `asked` is known: only sections that differ are read."""
    same: dict[str, Any] = {name: [] for name in SECTIONS if _shared(name, asked, sent)}
    counted = count(replace(sent, **same))
    return counted and replace(counted, **{name: getattr(before, name) for name in same})


def _shared(section: str, asked: Request, sent: Request) -> bool:
    return getattr(sent, section) is getattr(asked, section)


def _places(
    asked: Request, sent: Request, before: Tokens, after: Tokens
) -> Iterator[tuple[int, int]]:
    """Where in what was sent (tokens before the middle of the piece), and how many were saved.

    Tools come first, then the system prompt, then the messages, as providers read them.
    """
    if before.tools != after.tools:
        yield after.tools // 2, before.tools - after.tools
    at = after.tools + after.system
    if sent.messages is asked.messages:
        return
    if before.messages > MOST_TOKENS:
        yield at + after.messages // 2, before.messages - after.messages
        return
    for came, went in zip(asked.messages, sent.messages, strict=False):
        size = count_message(went)
        if went is not came:
            yield at + size // 2, count_message(came) - size
        at += size
