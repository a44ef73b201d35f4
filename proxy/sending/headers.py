"""Which headers pass, each way, and where a credential is put."""

from collections.abc import Iterable, Mapping

from proxy.exchange import Exchange
from proxy.providers.catalog import Auth
from proxy.secrets import is_secret

HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    )
)
NOT_UP = HOP_BY_HOP | {"host", "content-length", "accept-encoding", "cookie", "expect"}
OWN = ("x-lynkr-", "x-forwarded-", "sec-")  # ours, a reverse proxy's, a browser's
NOT_DOWN = HOP_BY_HOP | {"content-length", "content-encoding", "set-cookie", "date", "server"}


def upward(headers: Mapping[str, str], same_dialect: bool) -> dict[str, str]:
    """The client's headers that go on: all that are the dialect's own business, or none.

    What says who the caller is goes where key = "client" stands, and nowhere else.
    """
    if not same_dialect:
        return {"content-type": "application/json"}
    return {
        name: value
        for name, value in headers.items()
        if name not in NOT_UP and not name.startswith(OWN) and not is_secret(name)
    }


def downward(headers: Iterable[tuple[str, str]], same_dialect: bool) -> dict[str, str]:
    """The upstream's headers that go back; of a translated answer only what is not about bytes."""
    passed = {name: value for name, value in headers if name.lower() not in NOT_DOWN}
    if same_dialect:
        return passed
    return {name: value for name, value in passed.items() if name.lower() in FOREIGN_DOWN}


FOREIGN_DOWN = frozenset(("retry-after", "x-request-id", "request-id"))


def credential_of(headers: Mapping[str, str]) -> dict[str, str]:
    """The caller's own credential headers, as they came."""
    return {
        name: value
        for name, value in headers.items()
        if is_secret(name) and name not in NOT_UP and not name.startswith(OWN)
    }


def auth_header(auth: Auth, key: str) -> dict[str, str]:
    """The header by which a kind of provider takes a key."""
    if auth == "none" or not key:
        return {}
    return {"authorization": f"Bearer {key}"} if auth == "bearer" else {auth: key}


def answer_headers(exchange: Exchange) -> dict[str, str]:
    """What every proxied answer says of itself."""
    said = {
        "x-lynkr-request-id": exchange.id,
        "x-lynkr-cache": exchange.cache.state,
        "x-lynkr-cache-why": exchange.cache.why,
        "x-lynkr-saved-tokens": str(exchange.rewrite.saved),
    }
    if exchange.score is not None:
        said["x-lynkr-score"] = str(exchange.score.total)
    if exchange.decision is not None:
        choice = exchange.decision
        said["x-lynkr-tier"] = choice.tier.name
        said["x-lynkr-reason"] = choice.reason
        said["x-lynkr-provider"] = choice.target.provider
        said["x-lynkr-model"] = choice.target.model
    return {name: _one_line(value) for name, value in said.items()}


def _one_line(value: str) -> str:
    return value if value.isascii() and value.isprintable() else ascii(value)[1:-1]
