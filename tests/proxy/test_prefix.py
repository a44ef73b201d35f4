"""What one turn sent, the next sends again: so a provider's prompt cache stays warm."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.house import house_of
from classifier.tiers import Tier
from proxy.config.edit import ConfigFile
from proxy.dialects.table import DIALECTS, UPSTREAM_DIALECTS
from proxy.exchange import Decision, Exchange
from proxy.paths import DataFiles
from proxy.providers.catalog import KINDS
from proxy.routing.table import Target
from proxy.stages import prepare, receive, tell_no_one
from tests.proxy.conversations import Conversation, body_of, conversations

UPSTREAMS = {
    "anthropic": "claude-sonnet-4-5",
    "anthropic_compatible": "claude-sonnet-4-5",
    "openai": "gpt-4o",
    "openai_responses": "gpt-5.5",
    "deepseek": "deepseek-chat",
    "gemini": "gemini-3-pro",
    "ollama": "qwen",
    "bedrock": "claude-sonnet-4-5",
}
REACHED = [kind for kind in UPSTREAMS if KINDS[kind].dialect in UPSTREAM_DIALECTS]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    places = {"anthropic_compatible": 'base_url = "http://127.0.0.1:9"\n'}
    places["bedrock"] = 'region = "eu-west-1"\n'
    rows = [f'[providers.{kind}]\nkind = "{kind}"\n{places.get(kind, "")}' for kind in REACHED]
    tiers = "".join(f'{tier.name} = "openai/gpt-4o"\n' for tier in Tier)
    (folder / "config.toml").write_text("\n".join(rows) + f"\n[tiers]\n{tiers}")
    nothing_is_sent: Any = None
    return house_of(ConfigFile(folder / "config.toml"), DataFiles(folder), nothing_is_sent)


def sent(house: Any, talk: Conversation, dialect: str, kind: str, turns: int) -> dict[str, Any]:
    """The body that goes upstream once so many turns are said. What came stays as it was read: its
    tools are shared by the session's requests."""
    exchange = Exchange(orjson.dumps(body_of(talk, dialect, turns)), dialect, {})
    exchange.decision = Decision(Tier.COMPLEX, "score", Target(kind, UPSTREAMS[kind]))
    request = receive(exchange, tell_no_one)
    call = asyncio.run(prepare(exchange, request, house, tell_no_one))
    assert request.body == orjson.loads(exchange.raw)
    body: dict[str, Any] = orjson.loads(call.body)
    return body


def plain(value: Any) -> Any:
    """Without marks; a text that stands alone as the one block that it is short for."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key: plain(item) for key, item in value.items() if key != "cache_control"}
    if "role" in out and isinstance(out.get("content"), str):
        out["content"] = [{"type": "text", "text": out["content"]}]
    return out


def _system(body: dict[str, Any]) -> Any:
    system = body.get("system")
    return [{"type": "text", "text": system}] if isinstance(system, str) else plain(system)


FIXED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "tools": lambda body: plain(body.get("tools")),
    "toolConfig": lambda body: body.get("toolConfig"),
    "system": _system,
    "instructions": lambda body: body.get("instructions"),
    "prompt_cache_key": lambda body: body.get("prompt_cache_key"),
}


@pytest.mark.parametrize("kind", REACHED)
@pytest.mark.parametrize("dialect", DIALECTS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_next_turn_sends_what_the_turn_before_sent(house, dialect, kind, data):
    talk = data.draw(conversations)
    bodies = [sent(house, talk, dialect, kind, turns) for turns in talk.requests]
    for earlier, later in zip(bodies, bodies[1:], strict=False):
        for name, part in FIXED.items():
            assert orjson.dumps(part(later)) == orjson.dumps(part(earlier)), name
        key = "input" if "input" in earlier else "messages"
        said, again = plain(earlier[key]), plain(later[key])
        assert orjson.dumps(again[: len(said)]) == orjson.dumps(said)
        assert len(again) > len(said)
