"""The stages before the send, one function each: read, score and route, look up, rewrite."""

import asyncio
import time
from collections.abc import Callable
from functools import lru_cache

from classifier.decide import Verdict
from proxy.clients.reading import read
from proxy.dialects.model import Request
from proxy.dialects.table import DIALECTS, UPSTREAM_DIALECTS
from proxy.events import Escalated, Event, Received, Rewritten, Routed, Scored
from proxy.exchange import Decision, Exchange, Rewrite
from proxy.house import House
from proxy.providers.base import Call
from proxy.providers.catalog import KINDS
from proxy.rewrite import RewriteSettings, is_heavy, rewrite
from proxy.rewrite.settings import Level
from proxy.routing.able import bent, fitted
from proxy.routing.asking import view_of
from proxy.routing.classes import REPLAY, class_of
from proxy.routing.economy import Economy
from proxy.routing.loops import stuck
from proxy.routing.route import TIER_HEADER, decide, judge, pinned, replayed, to_judge
from proxy.routing.sessions import client_of, session_of
from proxy.routing.side import side_of
from proxy.routing.view import View
from proxy.sending.outgoing import call_of
from proxy.sending.prompt_cache import is_kept, warmed
from proxy.tokens.counter import estimate

FEW = 8  # rounds that are judged in a moment

Tell = Callable[[Event], None]


def tell_no_one(event: Event) -> None:
    """For a request that is only explained or counted: it did not happen."""


def receive(exchange: Exchange, tell: Tell) -> Request:
    """Raw bytes to a neutral request, and whose session it is. Raises BadRequest."""
    again = exchange.replay
    request = exchange.request = read(exchange.raw, DIALECTS[exchange.dialect])
    exchange.session = again.session if again else session_of(exchange.headers, request)
    exchange.request_class = REPLAY if again else class_of(exchange.headers, request)
    exchange.view = view_of(request)
    tell(
        Received(
            id=exchange.id,
            at=exchange.began,
            session=exchange.session,
            client=again.client if again else client_of(exchange.headers, request),
            dialect=exchange.dialect,
            asked_model=request.model,
            stream=request.stream,
            turns=len(request.messages),
            tools=len(request.tools),
            request_class=exchange.request_class,
        )
    )
    return request


def route(exchange: Exchange, request: Request, house: House, tell: Tell) -> None:
    """Score the request and choose its tier and model, one that can do what it asks for.

    Raises Unable where there is none; the exchange then has the decision that came first.
    """
    table = house.routing.table
    view = exchange.view
    assert view is not None
    verdict = judge(view, table)
    exchange.score = verdict.score
    tell(Scored(id=exchange.id, at=time.time(), score=verdict.score, features=verdict.features))
    exchange.decision = _decided(exchange, request, verdict, view, house)
    if rows := house.config.budgets:
        exchange.decision = house.budgets.apply(rows, exchange.decision, exchange, table, tell)
    try:
        exchange.decision = fitted(exchange.decision, exchange, request, house)
    finally:
        tell(Routed(id=exchange.id, at=time.time(), decision=exchange.decision))
    if exchange.decision.reason == "escalated":
        tell(relieved(exchange))


def _decided(
    exchange: Exchange, request: Request, verdict: Verdict, view: View, house: House
) -> Decision:
    table, economy = house.routing.table, Economy(house.prices, house.providers)
    if exchange.replay is not None:
        return replayed(exchange.replay, verdict, table)
    pin = pinned(view, table, economy)
    return decide(
        request,
        verdict,
        table,
        exchange.session,
        exchange.headers.get(TIER_HEADER, ""),
        house.config.providers,
        pin,
        side_of(exchange.request_class, estimate(len(exchange.raw)), table, pin, economy),
    )


def relieved(exchange: Exchange) -> Escalated:
    """Tells that a model went in circles, and which one takes over."""
    chosen, request = exchange.decision, exchange.request
    assert chosen is not None and request is not None
    why = stuck(request.messages)
    assert why is not None
    return Escalated(
        id=exchange.id, at=time.time(), tier=chosen.tier, target=chosen.target, reason=why
    )


async def remember(exchange: Exchange, house: House) -> None:
    """Judge off the loop what nobody remembers of a long session, as after a restart."""
    table, view = house.routing.table, exchange.view
    assert view is not None
    if exchange.replay is None and len(view.rounds) > FEW and to_judge(view, table) > FEW:
        economy = Economy(house.prices, house.providers)
        await asyncio.to_thread(pinned, view, table, economy)


async def prepare(
    exchange: Exchange, request: Request, house: House, tell: Tell, rewrites: bool = True
) -> Call:
    """Rewrite the request, where it may be, and make the call that goes upstream."""
    assert exchange.decision is not None
    kind = KINDS[house.providers.kind_of(exchange.decision.target.provider)]
    exchange.rewrite, exchange.settings = Rewrite(), None
    rewrites = rewrites and exchange.headers.get("x-lynkr-rewrite", "").lower() != "off"
    if rewrites:
        model, translated = exchange.decision.target.model, kind.dialect != exchange.dialect
        fixed = kind.own or is_kept(kind, model, translated, exchange.raw)
        settings = house.prefixes.settled(exchange.session, rewrite_settings(house, fixed))
        exchange.settings, keep = settings, house.originals.keep
        if is_heavy(request, settings):
            request, exchange.rewrite = await asyncio.to_thread(rewrite, request, settings, keep)
        else:
            request, exchange.rewrite = rewrite(request, settings, keep)
    exchange.sent = request
    tell(Rewritten(id=exchange.id, at=time.time(), rewrite=exchange.rewrite, cache=exchange.cache))
    kind = bent(kind, exchange.decision.target, request, house)
    call = call_of(exchange, request, UPSTREAM_DIALECTS[kind.dialect], kind)
    if not (rewrites and house.config.cache.prompt):
        return call
    return warmed(call, kind, exchange.session, kind.dialect != exchange.dialect)


def rewrite_settings(house: House, fixed: bool) -> RewriteSettings:
    """The config's settings; `fixed` where the tools must stay as the first turn had them."""
    tools, results = house.config.tools, house.config.compression
    return _settings(tools.strip, tools.never, results.level, fixed, results.never)


@lru_cache(8)
def _settings(
    strip: bool, never: tuple[str, ...], level: Level, fixed: bool, whole: tuple[str, ...]
) -> RewriteSettings:
    """One for all sessions that have the same: each remembers its own."""
    return RewriteSettings(
        strip=strip,
        never=frozenset(never),
        level=level,
        fixed_prefix=fixed,
        whole=frozenset(whole),
    )
