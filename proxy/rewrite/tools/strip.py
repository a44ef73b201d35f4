"""Which tool schemas go, and in which order those that stay are sent.

What the first turn can use stays where it is. The loader, with a line about each tool that went,
follows; then what later turns turned out to need, in the order in which that happened. So a turn's
tools begin with those of the turn before. Where the upstream binds its thinking to the tools it was
given (`fixed_prefix`), nothing is added after the first turn.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

from proxy.dialects.model import Request, Tool, ToolCall
from proxy.memo import Memo
from proxy.rewrite.choice import History, Offer, choose_of, cost, history_of, offer_of
from proxy.rewrite.settings import RewriteSettings
from proxy.rewrite.tools.own import CALLER, LOAD, loader, wanted

LEAST: Final = 150  # tokens to be saved, or a request's tools are left as they are

Stripped = tuple[tuple[str, str], ...]


class Sent(NamedTuple):
    """The tools that are sent, those that go with the reason, and the tokens that this saves."""

    tools: list[Tool]
    gone: Stripped
    saved: int


class _Parting(NamedTuple):
    """How tools are parted, by their names: of the first turn, the proxy's own, of later turns, and
    those that go; and what all that are sent take in tokens."""

    first: frozenset[str]
    own: tuple[Tool, ...]
    later: tuple[str, ...]
    gone: Stripped
    cost: int


_partings = Memo[tuple[_Parting | None]](200)


def strip(request: Request, settings: RewriteSettings, also: Sequence[Tool] = ()) -> Sent:
    """What is sent of the request's tools; the same list where nothing changes.

    `also` are tools of the proxy's own that are sent in any case.
    """
    if not settings.strip or not request.tools:
        return Sent([*request.tools, *also] if also else request.tools, (), -cost(also))
    offer = offer_of(request.tools, request.tools_print)
    tools = offer.compacted(request.tools)
    parting = _parting(request, tools, offer, settings) if _may_strip(request, offer) else None
    if parting is None:
        costs = sum(offer.costs[tool.name] for tool in tools) + cost(also)
        return Sent([*tools, *also] if also else tools, (), offer.cost - costs)
    first = [tool for tool in tools if tool.name in parting.first]
    named = {tool.name: tool for tool in tools} if parting.later else {}
    sent = [*first, *parting.own, *also, *(named[name] for name in parting.later)]
    return Sent(sent, parting.gone, offer.cost - parting.cost - cost(also))


def _parting(
    request: Request, tools: list[Tool], offer: Offer, settings: RewriteSettings
) -> _Parting | None:
    """Worked out once for what was said and called so far."""
    history, asked = history_of(request.theirs), tuple(_asked_for(request, settings))
    key = (offer.key, history, asked, settings)
    return _partings.get(key, lambda: (_part(tools, offer, history, asked, settings),))[0]


def _part(
    tools: list[Tool],
    offer: Offer,
    history: History,
    asked: tuple[str, ...],
    settings: RewriteSettings,
) -> _Parting | None:
    """None where nothing goes, or too little to be worth it."""
    choice = choose_of(offer, history, settings.fixed_prefix)
    first = _whole_spaces(choice.kept.difference(choice.later), offer)
    first |= dict.fromkeys(offer.bound.union(settings.never & offer.names))
    out = {tool.name: tool for tool in tools if tool.name not in first}
    own = _own([offer.lines[name] for name in out], settings.fixed_prefix)
    if not out or sum(offer.costs[name] for name in out) - cost(own) < LEAST:
        return None
    needed = _whole_spaces([*choice.later, *asked], offer)
    later = tuple(name for name in needed if out.pop(name, None))
    gone = tuple((name, choice.reasons.get(name, "")) for name in out)
    stay = [*(tool.name for tool in tools if tool.name in first), *later]
    costs = sum(offer.costs[name] for name in stay) + cost(own)
    return _Parting(frozenset(first), tuple(own), later, gone, costs)


def _own(lines: Sequence[str], fixed: bool) -> list[Tool]:
    return [loader(lines, fixed), *([CALLER] if fixed else [])]


def _may_strip(request: Request, offer: Offer) -> bool:
    """Whether the proxy may take tools out, and bring in its own."""
    choice = request.body.get("tool_choice")
    return (
        "functions" not in request.body
        and not request.held  # what was used before is not known here
        and not (isinstance(choice, dict) and choice.get("type") == "allowed_tools")
        and not offer.foreign
    )


def _asked_for(request: Request, settings: RewriteSettings) -> list[str]:
    """Names of tools that the model has loaded or called in this answer, or now must call."""
    found: list[str] = []
    if not settings.fixed_prefix:
        for call in chain.from_iterable(message.blocks for message in request.ours):
            if isinstance(call, ToolCall):
                found += wanted(call) if call.name == LOAD else (call.name,)
    choice = request.tool_choice
    return [*found, choice.name] if choice and choice.mode == "tool" else found


def _whole_spaces(names: Iterable[str], offer: Offer) -> dict[str, None]:
    """The names, and those that share a namespace with one of them: it is sent whole or not."""
    found = dict.fromkeys(names)
    spaces = {space for name, space in offer.spaced if name in found}
    return found | {name: None for name, space in offer.spaced if space in spaces}
