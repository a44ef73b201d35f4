"""A caller's key and the providers' own, through fallbacks from and to every kind of provider."""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from proxy.providers.catalog import KINDS
from tests.security.test_canaries import found
from tests.support.proxy import proxy
from tests.support.upstream import Sent, Upstream, as_json

CALLER = {"authorization": "Bearer canary-caller", "x-api-key": "canary-caller"}
# What a client of each dialect asks, and the kind of provider that its key is for.
SAYS = [{"role": "user", "content": "Hello there"}]
ASKED = {
    "/v1/messages": ("anthropic", {"model": "m", "max_tokens": 50, "messages": SAYS}),
    "/v1/chat/completions": ("openai", {"model": "m", "messages": SAYS}),
    "/v1/responses": ("openai_responses", {"model": "m", "input": "Hello there", "store": False}),
}
SIGNED_FOR = {"bedrock": {"region"}}  # a signature names it
OUTSIDE = [name for name in KINDS if name != "demo"]  # the demo asks nobody


def config(url: str, kind: str, home: str) -> str:
    """SIMPLE falls back from `kind` to the caller's own provider, MEDIUM the other way round."""
    fields = KINDS[kind].needs | SIGNED_FOR.get(kind, set())
    needs = "\n".join(f'{name} = "x1"' for name in sorted(fields))
    key = 'key_env = "CANARY_KEY"' if KINDS[kind].auth not in ("none", "aws") else ""
    return f"""
[providers.it]
kind = "{kind}"
base_url = "{url}/it"
{needs}
{key}
[providers.home]
kind = "{home}"
base_url = "{url}/home"
key = "client"
[tiers]
SIMPLE = "it/m"
MEDIUM = "home/m"
COMPLEX = "it/m"
REASONING = "home/m"
fallback = {{ SIMPLE = ["home/m"], MEDIUM = ["it/m"] }}
[retry]
times = 0
[cache]
exact = false
semantic = false
"""


async def overloaded(request: web.Request, sent: Sent) -> web.StreamResponse:
    return as_json({"error": {"type": "overloaded_error", "message": "later"}}, 503)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CANARY_KEY", "canary-own")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "canary-own")
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    yield


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("kind", OUTSIDE)
async def test_a_callers_key_reaches_its_own_provider_alone(
    tmp_path: Path, kind: str, path: str
) -> None:
    home, body = ASKED[path]
    async with (
        Upstream(overloaded) as upstream,
        proxy(tmp_path, config(upstream.url, kind, home)) as (running, _),
        aiohttp.ClientSession() as session,
    ):
        for tier, order in (("SIMPLE", ["it", "home"]), ("MEDIUM", ["home", "it"])):
            upstream.sent.clear()
            headers = {**CALLER, "x-lynkr-tier": tier}
            async with session.post(running.url + path, json=body, headers=headers) as got:
                assert got.status >= 500, await got.text()
            assert [sent.path.split("/")[1] for sent in upstream.sent] == order
            for sent in upstream.sent:
                _its_own_alone(sent, kind)


def _its_own_alone(sent: Sent, kind: str) -> None:
    keys = set(found(f"{sent.headers} {sent.raw_path}"))
    if sent.path.startswith("/home"):
        assert keys == {"canary-caller"}
    else:
        assert keys == (set() if KINDS[kind].auth == "none" else {"canary-own"})
