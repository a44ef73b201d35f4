"""count_tokens: forwarded on a route to Anthropic itself, else a count of what would be sent."""

from contextlib import suppress

import orjson
from aiohttp import web

from proxy.clients.replies import JSON_HEADERS
from proxy.errors import Unable
from proxy.exchange import Exchange
from proxy.house import House
from proxy.providers.base import Call
from proxy.providers.catalog import KINDS
from proxy.sending.headers import answer_headers, downward
from proxy.stages import prepare, receive, route, tell_no_one
from proxy.tokens.sections import count_request

CANT_COUNT = frozenset((400, 404))  # the endpoint, or the model, is not there for everyone


async def count_tokens(exchange: Exchange, house: House) -> web.Response:
    """`{"input_tokens": n}`. It is no exchange: nothing is told, nothing is billed."""
    request = receive(exchange, tell_no_one)
    with suppress(Unable):  # what no model can take has a size all the same
        route(exchange, request, house, tell_no_one)
    assert exchange.decision is not None
    call = await prepare(exchange, request, house, tell_no_one)
    if KINDS[house.providers.kind_of(exchange.decision.target.provider)].home:
        forwarded = await _forwarded(exchange, call, house)
        if forwarded.status not in CANT_COUNT:
            return forwarded
    tokens = await house.counter.run(count_request, exchange.sent or request)
    said = {"input_tokens": house.calibration.adjust(str(exchange.decision.target), tokens.total)}
    return web.Response(body=orjson.dumps(said), headers=JSON_HEADERS | answer_headers(exchange))


async def _forwarded(exchange: Exchange, call: Call, house: House) -> web.Response:
    """The provider's own count, or its own refusal. Raises Upstream where it can't be reached."""
    assert exchange.decision is not None
    reply = await house.providers.get(exchange.decision.target.provider).send(call)
    try:
        body = await reply.read()
    finally:
        reply.close()
    passed = downward(reply.headers.items(), same_dialect=True)
    return web.Response(status=reply.status, headers=passed | answer_headers(exchange), body=body)
