"""What a model can't do: sent to a tier that can, with the reason shown, or refused plainly."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from proxy.events import Failed, Routed
from proxy.exchange import Decision
from proxy.routing.models import Facts, facts_of
from proxy.routing.table import Target
from proxy.server import Server
from tests.proxy.test_server import QUESTION, post
from tests.support import messages
from tests.support.proxy import Heard, proxy
from tests.support.scripted import says
from tests.support.upstream import Upstream

PICTURE = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": "aGVsbG8="},
}
SEARCH = {"type": "web_search_20250305", "name": "web_search"}
READ = {"name": "Read", "input_schema": {"type": "object", "properties": {}}}
HI = "Why is the sky blue?"


def saying(*content: Any, **more: Any) -> dict[str, Any]:
    return {**QUESTION, "messages": [{"role": "user", "content": list(content)}], **more}


def tokens(number: int) -> str:
    """A text of about so many tokens."""
    return "word one two. " * (number * 36 // 140)


@asynccontextmanager
async def tiers(
    folder: Path, simple: str, rest: str = "up/any", more: str = "", fallback: str = "{}"
) -> AsyncIterator[tuple[Server, Heard, Upstream]]:
    """`up` speaks Messages, `chat` Chat Completions; SIMPLE is `simple`, the others `rest`."""
    async with Upstream(says("Hello")) as upstream:
        config = f"""
[providers]
up = {{ kind = "anthropic_compatible", base_url = "{upstream.url}" }}
own = {{ kind = "anthropic", base_url = "{upstream.url}" }}
chat = {{ kind = "openai_compatible", base_url = "{upstream.url}" }}
[cache]
exact = false
[tiers]
SIMPLE = "{simple}"
MEDIUM = "{rest}"
COMPLEX = "{rest}"
REASONING = "{rest}"
fallback = {fallback}
{more}
"""
        async with proxy(folder, config) as (server, heard):
            server.house.prices.load()
            yield server, heard, upstream


async def ask(server: Server, body: Any) -> tuple[int, dict[str, str], Any]:
    status, headers, got = await post(f"{server.url}/v1/messages", body, x_lynkr_tier="SIMPLE")
    return status, headers, orjson.loads(got)


def decision(heard: Heard) -> Decision:
    (routed,) = heard.of(Routed)
    assert isinstance(routed, Routed)
    return routed.decision


BLIND = '[models."chat/text"]\nimages = false\n'


@pytest.mark.parametrize(
    "content",
    [[PICTURE], [{"type": "tool_result", "tool_use_id": "c1", "content": [PICTURE]}]],
)
async def test_an_image_goes_to_a_tier_that_sees(tmp_path: Path, content: list[Any]):
    async with tiers(tmp_path, "chat/text", more=BLIND) as (server, heard, upstream):
        body = saying(*content, messages.text(HI))
        call = {"role": "assistant", "content": [messages.call("c1", "Read")]}
        body["messages"] = [{"role": "user", "content": HI}, call, *body["messages"]]
        status, headers, _ = await ask(server, body)
        assert (status, headers["x-lynkr-model"]) == (200, "any")
        assert headers["x-lynkr-tier"] == "MEDIUM" and headers["x-lynkr-reason"] == "header"
        assert upstream.sent[0].body["messages"][2] == body["messages"][2]
        step = decision(heard).steps[-1]
        assert step == "chat/text takes no images: re-routed to MEDIUM, up/any"


async def test_text_alone_stays(tmp_path: Path):
    async with tiers(tmp_path, "chat/text", more=BLIND) as (server, _, _):
        assert (await ask(server, QUESTION))[1]["x-lynkr-model"] == "text"


async def test_an_image_that_no_model_sees_is_refused_and_its_message_named(tmp_path: Path):
    async with tiers(tmp_path, "chat/text", "chat/text", BLIND) as (server, heard, upstream):
        status, headers, got = await ask(server, saying(messages.text(HI), PICTURE))
        assert status == 400 and not upstream.sent
        assert got["error"]["type"] == "invalid_request_error"
        assert got["error"]["message"].startswith("messages.0: chat/text takes no images")
        assert headers["x-lynkr-model"] == "text" and len(heard.of(Failed)) == 1


async def test_a_model_asked_for_by_name_is_not_swapped_for_another(tmp_path: Path):
    async with tiers(tmp_path, "up/any", more=BLIND) as (server, _, upstream):
        body = saying(PICTURE, model="chat/text")
        status, _, got = await post(f"{server.url}/v1/messages", body)
        assert status == 400 and b"chat/text takes no images" in got and not upstream.sent


async def test_the_tiers_own_fallback_comes_before_a_lower_tier(tmp_path: Path):
    chain = '{ SIMPLE = ["own/eyes"] }'
    async with tiers(tmp_path, "chat/text", "chat/text", BLIND, chain) as (server, heard, _):
        _, headers, _ = await ask(server, saying(PICTURE))
        assert (headers["x-lynkr-tier"], headers["x-lynkr-model"]) == ("SIMPLE", "eyes")
        assert "re-routed to SIMPLE, own/eyes" in decision(heard).steps[-1]


# The window

SMALL = '[models."up/small"]\nwindow = 64000\n'


async def test_a_92k_token_request_leaves_a_64k_model_for_one_that_reads_it(tmp_path: Path):
    async with tiers(tmp_path, "up/small", more=SMALL) as (server, heard, _):
        status, headers, _ = await ask(server, saying(messages.text(tokens(92_000))))
        assert (status, headers["x-lynkr-model"]) == (200, "any")
        assert "up/small reads 64,000 tokens at most" in decision(heard).steps[-1]


async def test_tools_count_and_so_does_the_room_for_the_answer(tmp_path: Path):
    text = messages.text(tokens(40_000))
    tools = [{**READ, "name": f"tool{n}", "description": tokens(1000)} for n in range(30)]
    async with tiers(tmp_path, "up/small", more=SMALL) as (server, _, _):
        assert (await ask(server, saying(text)))[1]["x-lynkr-model"] == "small"
        assert (await ask(server, saying(text, tools=tools)))[1]["x-lynkr-model"] == "any"
        more = saying(messages.text(tokens(58_000)))
        assert (await ask(server, more))[1]["x-lynkr-model"] == "small"
        more["max_tokens"] = 32_000
        assert (await ask(server, more))[1]["x-lynkr-model"] == "any"
        for asked in (32_000, 128_000):  # nobody writes that much: an answer's room is enough
            half = saying(messages.text(tokens(50_000)), max_tokens=asked)
            assert (await ask(server, half))[1]["x-lynkr-model"] == "small"


async def test_one_that_no_model_reads_is_refused_in_words_that_clients_recover_from(
    tmp_path: Path,
):
    async with tiers(tmp_path, "up/small", "up/small", SMALL) as (server, _, upstream):
        status, _, got = await ask(server, saying(messages.text(tokens(92_000))))
        error = got["error"]
        assert status == 400 and error["type"] == "invalid_request_error" and not upstream.sent
        words = error["message"].split()
        assert words[:4] == ["prompt", "is", "too", "long:"]
        assert 90_000 < int(words[4]) < 94_000 and words[5:9] == [
            "tokens",
            ">",
            "64000",
            "maximum,",
        ]
        chat = {"model": "x", "messages": [{"role": "user", "content": tokens(92_000)}]}
        status, _, raw = await post(f"{server.url}/v1/chat/completions", chat)
        assert status == 400
        assert orjson.loads(raw)["error"]["code"] == "context_length_exceeded"


async def test_one_that_may_just_fit_goes_where_there_is_most_room(tmp_path: Path):
    more = SMALL + '[models."up/middle"]\nwindow = 80000\n'
    async with tiers(tmp_path, "up/small", "up/middle", more) as (server, _, _):
        status, headers, _ = await ask(server, saying(messages.text(tokens(84_000))))
        assert (status, headers["x-lynkr-model"]) == (200, "middle")


async def test_a_count_is_no_request_and_has_no_limit(tmp_path: Path):
    async with tiers(tmp_path, "up/small", "up/small", SMALL) as (server, _, _):
        body = saying(messages.text(tokens(92_000)))
        status, _, got = await post(f"{server.url}/v1/messages/count_tokens", body)
        assert status == 200 and orjson.loads(got)["input_tokens"] > 60_000


async def test_an_image_is_no_text_of_its_bytes_length(tmp_path: Path):
    big = {**PICTURE, "source": {**PICTURE["source"], "data": "A" * 1_000_000}}  # type: ignore[dict-item]
    async with tiers(tmp_path, "up/small", more=SMALL) as (server, _, _):
        assert (await ask(server, saying(big)))[1]["x-lynkr-model"] == "small"


async def test_a_model_is_never_asked_to_write_more_than_it_can(tmp_path: Path):
    more = '[models."up/small"]\noutput = 8192\n'
    async with tiers(tmp_path, "up/small", "own/claude-haiku-4-5", more) as (server, _, upstream):
        for asked, tier, sent in (
            (128_000, "SIMPLE", 8_192),
            (500, "SIMPLE", 500),
            (128_000, "MEDIUM", 64_000),
        ):
            body = {**QUESTION, "max_tokens": asked}
            await post(f"{server.url}/v1/messages", body, x_lynkr_tier=tier)
            assert upstream.sent[-1].body["max_tokens"] == sent


@pytest.mark.parametrize(
    ("said", "least", "most"), [(1_000, 30_000, 30_000), (40_000, 10_000, 24_000)]
)
async def test_nor_more_than_its_window_has_left(tmp_path: Path, said: int, least: int, most: int):
    more = '[models."chat/text"]\nwindow = 64000\n'
    async with tiers(tmp_path, "chat/text", "chat/text", more) as (server, _, upstream):
        body = saying({"type": "text", "text": tokens(said)}, max_tokens=30_000)
        status, _, _ = await ask(server, body)
        assert status == 200
        assert least <= upstream.sent[-1].body["max_tokens"] <= most


# Server tools


async def test_a_search_goes_to_a_tier_whose_provider_searches(tmp_path: Path):
    async with tiers(tmp_path, "chat/text") as (server, heard, upstream):
        status, headers, _ = await ask(server, saying(messages.text(HI), tools=[SEARCH]))
        assert (status, headers["x-lynkr-model"]) == (200, "any")
        assert upstream.sent[0].body["tools"] == [SEARCH]
        assert decision(heard).steps[-1].startswith("chat/text has no web_search of its own")


async def test_a_provider_of_the_same_dialect_may_search_or_not(tmp_path: Path):
    more = '[models."own/*"]\nserver_tools = false\n'
    async with tiers(tmp_path, "own/mute", more=more) as (server, _, _):
        body = saying(messages.text(HI), tools=[SEARCH])
        assert (await ask(server, body))[1]["x-lynkr-model"] == "any"
    async with tiers(tmp_path, "own/mute") as (server, _, _):
        assert (await ask(server, body))[1]["x-lynkr-model"] == "mute"


async def test_a_search_that_none_can_do_is_refused(tmp_path: Path):
    async with tiers(tmp_path, "chat/text", "chat/more") as (server, _, upstream):
        status, _, got = await ask(server, saying(messages.text(HI), tools=[SEARCH]))
        assert status == 400 and not upstream.sent
        assert "chat/text has no web_search" in got["error"]["message"]


async def test_a_search_among_other_tools_is_left_out_in_sight(tmp_path: Path):
    ask_for = {"role": "user", "content": "Read the README and tell me about installation."}
    async with tiers(tmp_path, "chat/text") as (server, heard, upstream):
        body = {**QUESTION, "messages": [ask_for], "tools": [READ, SEARCH]}
        _, headers, _ = await ask(server, body)
        assert headers["x-lynkr-model"] == "text"
        assert [tool["function"]["name"] for tool in upstream.sent[0].body["tools"]] == ["Read"]
        assert "not offered to chat/text: tool web_search" in decision(heard).steps[-1]


async def test_a_search_that_the_model_must_call_is_not(tmp_path: Path):
    async with tiers(tmp_path, "chat/text") as (server, _, _):
        choice = {"type": "tool", "name": "web_search"}
        body = saying(messages.text(HI), tools=[READ, SEARCH], tool_choice=choice)
        assert (await ask(server, body))[1]["x-lynkr-model"] == "any"


# Names


async def test_any_model_of_a_configured_provider_can_be_asked_for(tmp_path: Path):
    async with tiers(tmp_path, "up/small") as (server, _, upstream):
        url = f"{server.url}/v1/messages"
        for asked, sent in (
            ("own/claude-x", "claude-x"),
            ("up/vendor/model:7b", "vendor/model:7b"),
            ("lynkr/simple", "small"),
            ("lynkr/Complex", "any"),
        ):
            _, headers, _ = await post(url, {**QUESTION, "model": asked})
            assert upstream.sent[-1].body["model"] == sent == headers["x-lynkr-model"]
            assert headers["x-lynkr-reason"] == "override"
        for other in ("nobody/model", "claude-opus-5-5", "lynkr/huge", "up/"):
            _, headers, _ = await post(url, {**QUESTION, "model": other})
            assert headers["x-lynkr-reason"] != "override"


BETA = "context-1m-2025-08-07"


@pytest.mark.parametrize(
    ("asked", "simple", "beta"),
    [
        ("own/claude-sonnet-4-5[1m]", "up/small", BETA),
        ("claude-sonnet-4-5[1m]", "own/claude-sonnet-4-5", BETA),
        ("claude-x", "own/claude-sonnet-4-5[1m]", BETA),
        ("claude-x", "own/claude-sonnet-4-5", None),
        ("claude-sonnet-4-5[1m]", "chat/text", None),
    ],
)
async def test_a_1m_suffix_becomes_the_beta_header(
    tmp_path: Path, asked: str, simple: str, beta: str | None
):
    async with tiers(tmp_path, simple, simple) as (server, _, upstream):
        url = f"{server.url}/v1/messages"
        status, _, _ = await post(url, {**QUESTION, "model": asked})
        sent = upstream.sent[-1]
        assert status == 200 and "[1m]" not in sent.body["model"]
        assert sent.headers.get("anthropic-beta") == beta
        if beta:
            await post(url, {**QUESTION, "model": asked}, anthropic_beta=f"tools-1, {beta}")
            assert upstream.sent[-1].headers["anthropic-beta"] in (f"tools-1,{beta}",)
            await post(url, {**QUESTION, "model": asked}, anthropic_beta="tools-1")
            assert upstream.sent[-1].headers["anthropic-beta"] == f"tools-1,{beta}"


async def test_what_is_known_of_a_model(tmp_path: Path):
    more = '[models]\n"chat/*" = { window = 9000 }\n"text" = { output = 5 }\n'
    async with tiers(tmp_path, "up/small", more=more) as (server, _, _):
        house = server.house
        for target, facts in (
            (Target("own", "claude-sonnet-4-5"), Facts(200_000, 64_000)),
            (Target("own", "claude-sonnet-4-5[1m]"), Facts(1_000_000, 64_000)),
            (Target("own", "claude-haiku-4-5-20251001"), Facts(200_000, 64_000)),
            (Target("own", "claude-opus-4-1"), Facts(200_000, 32_000)),
            (Target("own", "claude-3-5-haiku-latest"), Facts(200_000, 8_192)),
            (Target("chat", "unheard-of"), Facts(9_000)),
            (Target("up", "text"), Facts(None, 5)),
            (Target("up", "unheard-of"), Facts()),
        ):
            assert facts_of(target, house) == facts, target
