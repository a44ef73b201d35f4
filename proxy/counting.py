"""count_tokens: forwarded on a route to Anthropic itself, else a count of what would be sent."""

import orjson
from aiohttp import web

from proxy.exchange import Exchange
from proxy.headers import answer_headers, downward
from proxy.house import House
from proxy.providers.catalog import KINDS
from proxy.stages import prepare, receive, route, tell_no_one
from proxy.tokens import count_request


async def count_tokens(exchange: Exchange, house: House) -> web.Response:
    """`{"input_tokens": n}`. It is no exchange: nothing is told, nothing is billed."""
    request = receive(exchange, tell_no_one)
    route(exchange, request, house, tell_no_one)
    assert exchange.decision is not None
    name = exchange.decision.target.provider
    call = await prepare(exchange, request, house, tell_no_one)
    if KINDS[house.providers.kind_of(name)].home:
        reply = await house.providers.get(name).send(call)
        try:
            body = await reply.read()
        finally:
            reply.close()
        passed = downward(reply.headers.items(), same_dialect=True)
        return web.Response(status=reply.status, headers=passed, body=body)
    sent = exchange.sent or request
    tokens = await house.counter.run(count_request, sent)
    return web.Response(
        body=orjson.dumps({"input_tokens": tokens.total}),
        headers={"Content-Type": "application/json"} | answer_headers(exchange),
    )
