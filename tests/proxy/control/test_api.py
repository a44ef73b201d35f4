"""The control API over a real socket: what it tells, what it changes, whom it refuses."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

QUESTION: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Why is the sky blue?"}],
}


async def call(method: str, url: str, body: object = None, **headers: str) -> tuple[int, Any]:
    data = orjson.dumps(body) if body is not None else None
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=data, headers=headers) as answer,
    ):
        text = await answer.read()
        return answer.status, orjson.loads(text) if text[:1] in b"{[" and text else text.decode()


async def test_explain_decides_as_a_live_exchange_does_and_sends_nothing(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        status, said = await call("POST", f"{server.url}/lynkr/explain", QUESTION)
        assert status == 200 and upstream.sent == [] and heard == []
        await call("POST", f"{server.url}/v1/messages", QUESTION)
        assert upstream.sent[0].body == said["request"]
        assert said["decision"]["model"] == upstream.sent[0].body["model"]
        assert said["score"]["total"] == pytest.approx(
            sum(part["points"] for part in said["score"]["parts"]), abs=0.01
        )
        assert said["tokens"]["before"]["total"] > 0
        assert said["cache"]["eligible"] is True


async def test_explain_tells_the_dialect_by_the_shape(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        chat = {
            "model": "m",
            "messages": [{"role": "system", "content": "x"}, *QUESTION["messages"]],
        }
        url = f"{server.url}/lynkr/explain"
        assert (await call("POST", url, chat))[1]["dialect"] == "openai_chat"
        assert (await call("POST", url, QUESTION))[1]["dialect"] == "anthropic"
        named = await call("POST", f"{url}?dialect=openai_chat", QUESTION)
        assert named[1]["dialect"] == "openai_chat"
        assert (await call("POST", f"{url}?dialect=latin", QUESTION))[0] == 400
        assert (await call("POST", url, {}))[0] == 400


async def test_routing_can_be_read_changed_and_put_back_and_the_file_keeps_its_comments(
    tmp_path: Path,
):
    config = config_for("http://127.0.0.1:9", more="# mine, keep it\n")
    async with proxy(tmp_path, config) as (server, heard):
        url = f"{server.url}/lynkr/routing"
        _, table = await call("GET", url)
        assert table["tiers"]["SIMPLE"] == "up/small"
        table["tiers"]["SIMPLE"] = "up/tiny"
        table["force"] = [{"name": "proofs", "pattern": "^prove", "tier": "REASONING"}]
        status, after = await call("PUT", url, table)
        assert status == 200 and after["tiers"]["SIMPLE"] == "up/tiny"
        assert heard.names == ["RoutingChanged"]
        written = (tmp_path / "config.toml").read_text()
        assert 'SIMPLE = "up/tiny"' in written and "# mine, keep it" in written
        assert (await call("PUT", url, after))[1] == after


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"tiers": {"SIMPLE": "nobody/m"}}, "nobody"),
        ({"tiers": {"HUGE": "up/m"}}, "HUGE"),
        ({"boundaries": [50, 20, 70]}, "boundaries"),
        ({"force": [{"name": "x", "pattern": "(", "tier": "SIMPLE"}]}, "x"),
        ({"weights": {"token_count": 3}}, "weights"),
        ({"colour": "red"}, "colour"),
        ([], "object"),
    ],
)
async def test_a_table_that_can_not_be_used_is_refused_and_the_old_one_stays(
    tmp_path: Path, body: object, named: str
):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, heard):
        before = server.house.routing.table
        status, error = await call("PUT", f"{server.url}/lynkr/routing", body)
        assert status == 400 and named in error["error"]["message"]
        assert server.house.routing.table is before and heard == []


async def test_an_edit_of_the_file_takes_effect_without_a_restart(tmp_path: Path):
    config = config_for("http://127.0.0.1:9")
    async with proxy(tmp_path, config) as (server, heard):
        (tmp_path / "config.toml").write_text(config.replace("up/small", "up/smaller"))
        async with asyncio.timeout(5):
            while not heard:
                await asyncio.sleep(0.05)
        assert (await call("GET", f"{server.url}/lynkr/routing"))[1]["tiers"][
            "SIMPLE"
        ] == "up/smaller"


async def test_events_stream_as_they_happen(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/lynkr/events") as stream,
    ):
        await stream.content.readuntil(b"\n\n")
        await call("POST", f"{server.url}/v1/messages", QUESTION)
        names = []
        async with asyncio.timeout(5):
            while "Completed" not in names:
                event = await stream.content.readuntil(b"\n\n")
                _, name, data = event.strip().split(b"\n")
                names.append(name.removeprefix(b"event: ").decode())
                assert orjson.loads(data.removeprefix(b"data: "))["event"] == names[-1]
        assert names == ["Received", "Scored", "Routed", "Rewritten", "FirstToken", "Completed"]


async def test_history_and_metrics_count_what_was_answered(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        await call("POST", f"{server.url}/v1/messages", QUESTION)
        async with asyncio.timeout(5):
            while True:
                _, said = await call("GET", f"{server.url}/lynkr/history?by=tier")
                if said["rows"]:
                    break
                await asyncio.sleep(0.05)
        assert said["rows"][0]["key"] == "SIMPLE" and said["rows"][0]["requests"] == 1
        assert said["total"]["requests"] == 1
        assert (await call("GET", f"{server.url}/lynkr/history?by=shoe-size"))[0] == 400
        assert (await call("GET", f"{server.url}/lynkr/history?since=soon"))[0] == 400
        _, said = await call("GET", f"{server.url}/lynkr/history?until=2020-01-01")
        assert (said["rows"], said["total"]["requests"]) == ([], 0)
        _, text = await call("GET", f"{server.url}/metrics")
        assert 'lynkr_exchanges_total{tier="SIMPLE",model="small",state="done"} 1' in text
        assert 'lynkr_billed_tokens_total{kind="output"} 25' in text


async def test_a_foreign_host_and_a_foreign_page_are_refused(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        for path in ("/", "/lynkr/health", "/v1/models"):
            assert (await call("GET", server.url + path, Host="evil.example"))[0] == 403
        status, _ = await call("POST", f"{server.url}/v1/messages", QUESTION, Host="evil.example")
        assert status == 403
        url = f"{server.url}/lynkr/routing"
        assert (await call("GET", url, Origin="https://evil.example"))[0] == 403
        assert (await call("GET", url, Origin=server.url))[0] == 200


async def test_models_lists_tiers_and_their_models(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        _, said = await call("GET", f"{server.url}/v1/models")
        names = [row["id"] for row in said["data"]]
        assert names[:5] == [
            "lynkr/simple",
            "lynkr/medium",
            "lynkr/complex",
            "lynkr/reasoning",
            "up/small",
        ]


async def test_a_clients_credential_reaches_its_own_provider_alone(tmp_path: Path):
    own = """
[providers.vendor]
kind = "anthropic"
key = "client"
base_url = "{url}"
"""
    async with Upstream(messages.says_hello) as upstream:
        config = config_for(upstream.url, more=own.format(url=upstream.url))
        config = config.replace("up/deep", "vendor/deep")
        async with proxy(tmp_path, config) as (server, _):
            url = f"{server.url}/v1/messages"
            for tier in ("SIMPLE", "REASONING"):
                await call(
                    "POST",
                    url,
                    QUESTION,
                    **{"x-lynkr-tier": tier, "Authorization": "Bearer secret-1", "x-api-key": "k"},
                )
        simple, deep = upstream.sent
        assert "authorization" not in simple.headers and "x-api-key" not in simple.headers
        assert (deep.headers["authorization"], deep.headers["x-api-key"]) == (
            "Bearer secret-1",
            "k",
        )
        data = tmp_path / "data"
        assert not any(b"secret-1" in path.read_bytes() for path in data.iterdir())
