"""Puts the rewrites together: a pure function of the settings and the conversation so far."""

from itertools import takewhile

from msgspec.structs import replace

from proxy.dialects.model import Message, Request
from proxy.exchange import ResultRewrite, Rewrite
from proxy.rewrite import recall
from proxy.rewrite.conversation import Keep, Results, newest_first
from proxy.rewrite.results import SMALLEST, is_known, worth_trying
from proxy.rewrite.settings import RewriteSettings
from proxy.rewrite.tools import strip

HEAVY = 20_000  # characters of new results that would hold the loop for some milliseconds


def rewrite(
    request: Request, settings: RewriteSettings, keep: Keep | None = None
) -> tuple[Request, Rewrite]:
    """The request in fewer tokens, and what was changed; the very same object if nothing was.

    A result is rewritten the same way in every later turn, after a restart, and elsewhere. Lists
    that change are new ones: `request` stays as it is. `messages` and `tools` are all that can
    differ. `keep` stores the original of what `balanced`
    abridges, and says whether it is safe; without it, or where it is not, nothing is abridged.
    """
    abridges = keep is not None and settings.level == "balanced" and _may_recall(request)
    tools, stripped, saved = strip(request, settings, (recall.TOOL,) if abridges else ())
    messages, results = _messages(request, settings, keep if abridges else None)
    saved += sum(r.before - r.after for r in results)
    kept = tuple(tool.name for tool in tools if tool.raw or tool in request.tools)
    told = Rewrite(kept, stripped, results, saved)
    if messages is request.messages and tools is request.tools:
        return request, told
    return replace(request, messages=messages, tools=tools), told


def _may_recall(request: Request) -> bool:
    """Whether the model can be offered the tool that brings back what was left out."""
    return any(tool.kind == "function" for tool in request.tools) and all(
        tool.name != recall.NAME for tool in request.tools
    )


def is_heavy(request: Request, settings: RewriteSettings) -> bool:
    """Whether `rewrite` had better run in a thread: much is there that it has not met before.

    What stands before a result that it has met was there in an earlier turn.
    """
    if settings.level == "off":
        return False
    new = takewhile(
        lambda result: not is_known(*result),
        (result for result in newest_first(request.messages) if len(result[0]) >= SMALLEST),
    )
    return sum(len(text) for text, source in new if worth_trying(text, source)) > HEAVY


def _messages(
    request: Request, settings: RewriteSettings, keep: Keep | None
) -> tuple[list[Message], tuple[ResultRewrite, ...]]:
    given = request.messages
    if settings.level == "off":
        return given, ()
    results = Results(request, keep, settings.whole)
    changed: dict[int, Message] = {}
    for at, message in enumerate(given):
        blocks = results.blocks(message.blocks)
        if blocks is not message.blocks:
            changed[at] = replace(message, blocks=blocks)
    if not changed:
        return given, ()
    return [changed.get(at, message) for at, message in enumerate(given)], tuple(results.told)
