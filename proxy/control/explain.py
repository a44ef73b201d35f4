"""The decision on paper: the same stages as a live exchange, cut before the send."""

from typing import Any

import orjson

from classifier.tiers import tier_of
from proxy.cache.look_up import cache_state, candidates
from proxy.dialects.model import Body
from proxy.exchange import Exchange, Tokens
from proxy.house import House
from proxy.stages import prepare, receive, route, tell_no_one
from proxy.tokens.sections import count_request

_RESPONSES = frozenset({"input", "instructions", "previous_response_id", "max_output_tokens"})


def dialect_of(raw: bytes, named: str = "") -> str:
    """The dialect of a client's body: as named, else by its shape."""
    if named:
        return named
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return "anthropic"
    return _by_shape(body) if isinstance(body, dict) else "anthropic"


def _by_shape(body: Body) -> str:
    """Responses has an `input` for messages. Chat nests its functions, puts tool results into
    messages of their own, and starts with a system message; Messages has `system`, or content
    blocks that only it knows."""
    if "messages" not in body and _RESPONSES & body.keys():
        return "openai_responses"
    tools = body.get("tools")
    if isinstance(tools, list) and tools and isinstance(tools[0], dict):
        return "openai_chat" if "function" in tools[0] else "anthropic"
    if "system" in body:
        return "anthropic"
    roles = [m.get("role") for m in body.get("messages") or () if isinstance(m, dict)]
    chat = "tool" in roles or "developer" in roles or roles[:1] == ["system"]
    return "openai_chat" if chat or "max_completion_tokens" in body else "anthropic"


async def explain(exchange: Exchange, house: House) -> dict[str, Any]:
    """What would be decided and sent for `exchange`; raises BadRequest as a live one would."""
    request = receive(exchange, tell_no_one)
    route(exchange, request, house, tell_no_one)
    exchange.cache = cache_state(exchange, request, house)
    near = await candidates(exchange, request, house)
    call = await prepare(exchange, request, house, tell_no_one)
    before = await house.counter.run(count_request, request)
    after = await house.counter.run(count_request, exchange.sent or request)
    return {
        "dialect": exchange.dialect,
        "session": exchange.session,
        "class": exchange.request_class,
        "score": _score(exchange, house),
        "decision": _decision(exchange),
        "tools": {
            "offered": len(request.tools),
            "kept": list(exchange.rewrite.kept) or [tool.name for tool in request.tools],
            "stripped": [name for name, _ in exchange.rewrite.stripped],
        },
        "tokens": {"before": _tokens(before), "after": _tokens(after)},
        "cache": {
            "eligible": exchange.cache.state == "miss",
            "why": exchange.cache.why,
            "candidates": list(near),
        },
        "request": orjson.loads(call.body),
    }


def _score(exchange: Exchange, house: House) -> dict[str, Any]:
    assert exchange.score is not None
    total = exchange.score.total
    tier = tier_of(total, house.routing.table.boundaries)
    return {"total": total, "tier": tier.name, "parts": list(exchange.score.parts)}


def _decision(exchange: Exchange) -> dict[str, Any]:
    choice = exchange.decision
    assert choice is not None
    return {
        "tier": choice.tier.name,
        "reason": choice.reason,
        "provider": choice.target.provider,
        "model": choice.target.model,
        "steps": list(choice.steps),
    }


def _tokens(tokens: Tokens) -> dict[str, int]:
    return {
        "system": tokens.system,
        "tools": tokens.tools,
        "messages": tokens.messages,
        "total": tokens.total,
    }
