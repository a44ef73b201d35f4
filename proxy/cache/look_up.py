"""The look into the caches: an answer to the same request, else one to the same question."""

import time
from collections.abc import Callable
from typing import Final

from proxy.cache.eligible import eligible
from proxy.cache.exact import key_of
from proxy.cache.semantic.question import Question, question_of
from proxy.dialects.model import Answer, Request
from proxy.events import CacheHit, Event
from proxy.exchange import CacheState, Candidate, Exchange
from proxy.house import House
from proxy.routing.sessions import told_session
from proxy.sending.headers import credential_of

SHAPING_HEADERS: Final = ("anthropic-beta", "anthropic-version", "openai-beta")

Tell = Callable[[Event], None]


async def look_up(exchange: Exchange, request: Request, house: House, tell: Tell) -> Answer | None:
    """The cached answer, where there is one and it may be used."""
    exchange.cache = cache_state(exchange, request, house)
    if exchange.cache.state == "skip":
        return None
    exchange.question = _question(exchange, request, house)
    answer = _exact(exchange, request, house) or await _semantic(exchange, house)
    if answer is not None:
        house.marks.note(exchange)
        tell(CacheHit(id=exchange.id, at=time.time(), cache=exchange.cache))
    return answer


async def candidates(exchange: Exchange, request: Request, house: House) -> tuple[Candidate, ...]:
    """What the semantic cache would look at for a request that is only explained: what was asked
    before under the same credential, with all else equal."""
    if exchange.cache.state == "skip" or house.semantic is None:
        return ()
    question = _question(exchange, request, house)
    return (await house.semantic.find(question)).candidates if question else ()


def cache_state(exchange: Exchange, request: Request, house: House) -> CacheState:
    """Whether the caches may answer this request, and why."""
    if exchange.replay is not None:
        return CacheState("skip", "a replay is always asked anew")
    if not (house.config.cache.exact or house.config.cache.semantic):
        return CacheState("skip", "switched off in the config")
    if not house.cached_on:
        return CacheState("skip", "switched off on the dashboard")
    if exchange.headers.get("x-lynkr-cache", "").lower() == "off":
        return CacheState("skip", "the client asked for no cache")
    may, why = eligible(request, house.config.cache.max_temperature)
    return CacheState("miss" if may else "skip", why)


def _exact(exchange: Exchange, request: Request, house: House) -> Answer | None:
    if not house.config.cache.exact:
        return None
    assert exchange.decision is not None
    exchange.cache_key = key_of(
        request,
        exchange.decision.target,
        _credential(exchange),
        session_scope=exchange.session,
        headers=_shaping(exchange),
    )
    answer = house.cache.get(exchange.cache_key)
    if answer is not None:
        exchange.cache = CacheState("exact", "the same request was answered before")
    return answer


def _question(exchange: Exchange, request: Request, house: House) -> Question | None:
    """What the semantic cache would be asked; None where it is off, or nothing fits."""
    if house.semantic is None or not house.config.cache.semantic:
        return None
    assert exchange.decision is not None
    return question_of(
        request,
        exchange.decision.target,
        _credential(exchange),
        session_scope=told_session(exchange.headers, request),
        headers=_shaping(exchange),
    )


async def _semantic(exchange: Exchange, house: House) -> Answer | None:
    """An answer to a question that asks the same. What was found is kept for when the upstream has
    answered: see `SemanticCache.settle`."""
    if exchange.question is None or house.semantic is None:
        return None
    exchange.looked = looked = await house.semantic.find(exchange.question)
    state = "semantic" if looked.state == "hit" else "miss"
    exchange.cache = CacheState(state, looked.why, looked.candidates)
    return looked.answer if looked.state == "hit" else None


def _credential(exchange: Exchange) -> str:
    return "".join(credential_of(exchange.headers).values())


def _shaping(exchange: Exchange) -> list[str]:
    return [exchange.headers.get(name, "") for name in SHAPING_HEADERS]
