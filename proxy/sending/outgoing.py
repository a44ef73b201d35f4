"""The body and headers that go upstream: the client's own bytes with what changed spliced in,
or a request built anew in the upstream's dialect."""

from collections.abc import Mapping

import orjson

from proxy.dialects.anthropic import ANTHROPIC
from proxy.dialects.anthropic.digits import exact_calls
from proxy.dialects.base import ProviderDialect
from proxy.dialects.model import Body, Request
from proxy.dialects.splice import changed, splice
from proxy.exchange import Exchange
from proxy.providers.base import Call
from proxy.providers.catalog import Kind
from proxy.routing.long_context import is_long, plain, with_beta
from proxy.routing.sessions import BILLING_HEADER
from proxy.sending.headers import credential_of, upward


def call_of(exchange: Exchange, request: Request, dialect: ProviderDialect, kind: Kind) -> Call:
    """The call for `request` (rewritten or not) in the upstream's `dialect`."""
    assert exchange.decision is not None
    same = dialect.name == exchange.dialect
    return Call(
        path=dialect.path if not same else exchange.path or dialect.path,
        body=body_of(exchange, request, dialect, kind),
        headers=_headers(exchange, request, dialect, same),
        stream=request.stream,
        query=exchange.query if same else "",
        model=plain(exchange.decision.target.model),
        credential=credential_of(exchange.headers),
    )


def _headers(
    exchange: Exchange, request: Request, dialect: ProviderDialect, same: bool
) -> Mapping[str, str]:
    assert exchange.decision is not None
    passed = upward(exchange.headers, same)
    if dialect.name == "anthropic" and is_long(request.model, exchange.decision.target.model):
        return with_beta(passed)
    return passed


def body_of(exchange: Exchange, request: Request, dialect: ProviderDialect, kind: Kind) -> bytes:
    """Same dialect: byte for byte what came, apart from the model and what a rewrite changed."""
    assert exchange.decision is not None
    model = plain(exchange.decision.target.model)
    same = dialect.name == exchange.dialect
    if exchange.dialect == ANTHROPIC.name and (not same or _written_anew(exchange, request)):
        exact_calls(request, exchange.raw)
    if not same:
        return orjson.dumps({**dialect.build(request, model, kind.quirks), **kind.body})
    return splice(exchange.raw, _changes(request, dialect, model, kind), request.body)


def _written_anew(exchange: Exchange, request: Request) -> bool:
    """Whether its messages are not the client's own bytes."""
    return exchange.request is None or request.messages is not exchange.request.messages


def _changes(
    request: Request, dialect: ProviderDialect, model: str, kind: Kind
) -> Mapping[str, bytes | None]:
    built = {**dialect.build(request, model, kind.quirks), **kind.body}
    if not kind.home and (system := _without_billing(request.body)) is not None:
        built["system"] = system
    return changed(request.body, built)


def _without_billing(body: Body) -> list[Body] | None:
    """`system` without the block that Claude Code adds for Anthropic's own billing; None where
    there is nothing to take out."""
    system = body.get("system")
    if not isinstance(system, list):
        return None
    kept = [block for block in system if not _bills(block)]
    return kept if len(kept) < len(system) else None


def _bills(block: object) -> bool:
    text = block.get("text") if isinstance(block, dict) else None
    return isinstance(text, str) and text.startswith(BILLING_HEADER)
