"""Every row of the catalog, through the whole proxy, before an upstream that holds to its vendor's
documentation; and every word of a row left out is noticed by that upstream."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest
from msgspec import structs

from proxy.dialects.openai_chat.signatures import signed_id
from proxy.dialects.quirks import DEFAULT, Quirks
from proxy.dialects.table import UPSTREAM_DIALECTS
from proxy.providers.catalog import KINDS, Kind, belongs
from tests.proxy.providers import aws
from tests.proxy.providers.enforcers import CHATS_TOKENS, KEY, RULES, holds_to
from tests.support.proxy import proxy
from tests.support.upstream import Upstream

HTTP_KINDS = sorted(KINDS.keys() - {"demo"})
PLAIN = ("m-1", "m-2")  # the models of the tiers SIMPLE and MEDIUM
MODELS = {
    "anthropic": ("claude-opus-4-6", "claude-haiku-4-5"),
    "azure_anthropic": ("claude-opus-4-6", "claude-haiku-4-5"),
    "vertex": ("claude-opus-4-6", "claude-haiku-4-5@20251001"),
    "bedrock": ("eu.anthropic.claude-opus-4-6-v1:0", "eu.amazon.nova-pro-v1:0"),
    "openai": ("gpt-5.1", "gpt-4.1"),
    "azure_openai": ("gpt-5.1", "gpt-4.1"),
    "openai_responses": ("gpt-5.1", "gpt-4.1"),
    "moonshot": ("kimi-k2.6", "moonshot-v1-128k"),
    "groq": ("llama-3.3-70b-versatile", "openai/gpt-oss-120b"),
    "cerebras": ("llama-3.3-70b", "gpt-oss-120b"),
    "xai": ("grok-4", "grok-4.3"),
    "siliconflow": ("Qwen/Qwen3-32B", "deepseek-ai/DeepSeek-V4-Flash"),
}
MORE = {
    "vertex": 'region = "us-east5"\nproject = "p"',
    "bedrock": f'region = "{aws.REGION}"',
}
BASES = {"azure_anthropic": "/anthropic"}  # the user's to say: no part of the row
GENERIC = {"openai_compatible", "anthropic_compatible", "openai_responses_compatible"}
TIERS = ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")
SECRET = "the-callers-own"

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "path": {"type": "string", "default": "."},
        "mode": {"anyOf": [{"const": "fast"}, {"type": "object", "additionalProperties": True}]},
    },
}
EITHER = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "number": {"type": "integer"}},
    "anyOf": [{"required": ["name"]}, {"required": ["number"]}],
}
CALL_ID = "toolu_01ABCDEFGHIJKLMNOPQRSTUV"
SIGNED_ID = signed_id(CALL_ID, {"google": {"thought_signature": "c2lnbmVk"}})  # as Gemini's come

MESSAGES: dict[str, Any] = {
    "max_tokens": 64_000,
    "system": "Be brief.",
    "temperature": 0.7,
    "top_k": 40,
    "stop_sequences": ["</a>", "</b>"],
    "output_config": {"effort": "high"},
    "tools": [
        {"name": "Read", "description": "Reads.", "input_schema": SCHEMA},
        {"name": "Pick", "input_schema": EITHER},
    ],
    "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
    "messages": [
        {"role": "user", "content": "Read a.py and tell me what is in it."},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "It must be read.", "signature": ""},
                {"type": "tool_use", "id": SIGNED_ID, "name": "Read", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": SIGNED_ID, "content": "x = 1"}],
        },
    ],
}
CHAT: dict[str, Any] = {
    "max_tokens": CHATS_TOKENS,
    "temperature": 1.5,
    "stop": ["</a>", "</b>"],
    "reasoning_effort": "xhigh",
    "user": "someone",
    "store": False,
    "seed": 7,
    "logprobs": False,
    "logit_bias": {},
    "top_logprobs": None,
    "frequency_penalty": 0.1,
    "presence_penalty": 0.1,
    "service_tier": "auto",
    "parallel_tool_calls": False,
    "tools": [
        {"type": "function", "function": {"name": "Read", "parameters": SCHEMA}},
        {"type": "function", "function": {"name": "Pick", "parameters": EITHER}},
    ],
    "tool_choice": "required",
    "messages": [
        {"role": "user", "name": "someone", "content": "Read a.py and tell me what is in it."},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": CALL_ID,
                    "type": "function",
                    "function": {"name": "Read", "arguments": "{}"},
                }
            ],
        },
        {"role": "tool", "tool_call_id": CALL_ID, "content": "x = 1"},
    ],
}
CLIENTS = {"/v1/messages": MESSAGES, "/v1/chat/completions": CHAT}
STREAM = {"stream": True, "stream_options": {"include_usage": True}}


def config(kind: str, url: str) -> str:
    tiers = "\n".join(
        f'{tier} = "up/{model}"'
        for tier, model in zip(TIERS, MODELS.get(kind, PLAIN) * 2, strict=True)
    )
    base = url + (BASES.get(kind) or urlsplit(KINDS[kind].base_url).path)
    named = 'key_env = "OF_THE_PROVIDER"' if kind in GENERIC else ""
    return (
        f'[providers.up]\nkind = "{kind}"\nbase_url = "{base}"\n{named}\n{MORE.get(kind, "")}\n'
        f"[tiers]\n{tiers}\n[tools]\nstrip = false\n"
    )


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in KINDS.values():
        if row.key_env:
            monkeypatch.setenv(row.key_env, KEY)
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", aws.ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", aws.SECRET)
    monkeypatch.setenv("OF_THE_PROVIDER", KEY)


async def asked(folder: Path, kind: str) -> list[str]:
    """What the upstream has against the requests of each client, plain and streamed."""
    faults = []
    async with (
        Upstream(holds_to(RULES[kind])) as upstream,
        proxy(folder, config(kind, upstream.url)) as (server, _),
        aiohttp.ClientSession() as session,
    ):
        for (path, body), tier, stream in itertools.product(CLIENTS.items(), TIERS[:2], (0, 1)):
            more = {} if not stream else STREAM if "chat" in path else {"stream": True}
            data = orjson.dumps({"model": "any", **body, **more})
            headers = {
                "authorization": f"Bearer {SECRET}",
                "x-lynkr-rewrite": "off",
                "x-lynkr-tier": tier,
            }
            async with session.post(server.url + path, data=data, headers=headers) as answer:
                text = await answer.text()
                if answer.status != 200 or '"error"' in text:
                    faults.append(f"{path} {tier} {sorted(more)}: {answer.status} {text}")
        leaked = [s for s in upstream.sent if SECRET in str(s.headers) or SECRET.encode() in s.raw]
        assert not leaked
    return faults


def test_every_row_has_an_upstream_that_holds_to_its_rules() -> None:
    assert RULES.keys() == KINDS.keys() - {"demo"}
    assert len(KINDS) >= 25


@pytest.mark.parametrize("kind", HTTP_KINDS)
async def test_a_row_satisfies_its_vendor(tmp_path: Path, kind: str) -> None:
    assert await asked(tmp_path, kind) == []


def broken_rows() -> Iterator[tuple[str, str, Kind]]:
    """Each row with one of its words left out, or with another in its place."""
    plain = Kind("")
    for name in HTTP_KINDS:
        row = KINDS[name]
        for one in ("headers", "body"):
            if getattr(row, one) != getattr(plain, one):
                yield name, one, structs.replace(row, **{one: getattr(plain, one)})
        if row.path:
            yield name, "path", structs.replace(row, path=row.path[:-1])
        if row.auth != "none":
            yield name, "auth", structs.replace(row, auth="x-other")
        for field in structs.fields(Quirks):
            usual = getattr(DEFAULT, field.name)
            if getattr(row.quirks, field.name) != usual:
                quirks = structs.replace(row.quirks, **{field.name: usual})
                yield name, field.name, structs.replace(row, quirks=quirks)


@pytest.mark.parametrize(
    ("kind", "broken"),
    [pytest.param(kind, row, id=f"{kind}-{what}") for kind, what, row in broken_rows()],
)
async def test_a_word_left_out_of_a_row_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, broken: Kind
) -> None:
    monkeypatch.setitem(KINDS, kind, broken)
    assert await asked(tmp_path, kind)


@pytest.mark.parametrize("kind", HTTP_KINDS)
def test_a_row_names_a_dialect_that_is_spoken_and_a_safe_place(kind: str) -> None:
    row = KINDS[kind]
    assert row.dialect in UPSTREAM_DIALECTS
    local = row.auth == "none"
    for url in (row.base_url, *row.base_urls.values()):
        assert not url or url.startswith("http://127.0.0.1:" if local else "https://")


def test_a_key_with_a_vendors_mark_belongs_to_that_vendor_alone() -> None:
    owners = {kind for kind in KINDS if belongs("sk-ant-oat01-abc", KINDS[kind])}
    assert owners == {"anthropic", "anthropic_compatible"}
    assert not belongs("sk-or-v1-abc", KINDS["openai"])
    assert all(belongs("an-unmarked-key", row) for row in KINDS.values())


def test_every_kind_and_the_variable_of_its_key_stand_in_the_docs() -> None:
    told = Path(__file__).parents[3].joinpath("docs/providers.md").read_text()
    rows = [line for line in told.splitlines() if line.startswith("|")]
    for name, row in KINDS.items():
        found = [line for line in rows if f"`{name}`" in line.split("|")[1]]
        assert len(found) == 1, name
        assert not row.key_env or f"`{row.key_env}`" in found[0]
