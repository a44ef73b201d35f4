"""A cloud's metadata service gives out its machine's credentials; nothing leads there unasked."""

from pathlib import Path

import aiohttp
import orjson
import pytest
from aiohttp import web

from proxy.config.load import ConfigError, parse
from proxy.providers.http import new_session
from proxy.providers.metadata import is_metadata
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Sent, Upstream

ITS_HOSTS = [
    "169.254.169.254", "169.254.170.2", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "metadata.google.internal",
    "METADATA.google.internal.", "100.100.100.200",
]  # fmt: skip
OTHERS = ["127.0.0.1", "10.1.2.3", "192.168.0.9", "[::1]", "api.openai.com", "1e100.net", "ollama"]
ASKED = orjson.dumps(
    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
)
ALLOWED = "allow_metadata = true\n[tiers]"


@pytest.mark.parametrize("host", ITS_HOSTS)
def test_the_config_says_which_provider_leads_there_where_and_the_fix(host: str) -> None:
    text = config_for(f"http://{host}/v1")
    with pytest.raises(ConfigError) as told:
        parse(text, "config.toml")
    assert "config.toml, line 4: providers.up.base_url" in str(told.value)
    assert "allow_metadata = true" in str(told.value)
    parse(text.replace("[tiers]", ALLOWED))


@pytest.mark.parametrize("host", OTHERS)
def test_any_other_host_is_fine(host: str) -> None:
    parse(config_for(f"http://{host}:11434"))


async def post(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, data=ASKED) as got:
        return got.status, await got.text()


@pytest.mark.parametrize("more", ["", "allow_metadata = true"])
async def test_a_name_that_resolves_there_is_found_out_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    real = is_metadata
    # This machine has no metadata service, so the name of the machine itself stands in for one.
    pretend = frozenset(("127.0.0.1", "::1"))
    for place in ("proxy.providers.way", "proxy.providers.metadata"):
        monkeypatch.setattr(f"{place}.is_metadata", lambda host: host in pretend or real(host))
    async with Upstream(messages.says_hello) as upstream:
        named = upstream.url.replace("127.0.0.1", "localhost")
        config = config_for(named).replace("[tiers]", f"{more}\n[tiers]")
        async with proxy(tmp_path, config) as (server, _):
            status, said = await post(f"{server.url}/v1/messages")
        if more:
            assert status == 200 and upstream.sent
        else:
            assert status == 502 and not upstream.sent
            assert "localhost resolves to" in said and "[providers.up]" in said


async def test_nothing_else_resolves_worse_for_it() -> None:
    async with (
        Upstream(messages.says_hello) as upstream,
        new_session() as session,
        session.get(upstream.url.replace("127.0.0.1", "localhost")) as got,
    ):
        assert got.status


async def test_a_redirect_leads_nowhere(tmp_path: Path) -> None:
    async def elsewhere(request: web.Request, sent: Sent) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": other.url + sent.path})

    async with Upstream(messages.says_hello) as other, Upstream(elsewhere) as upstream:
        async with proxy(tmp_path, config_for(upstream.url)) as (server, _):
            for path in ("/v1/messages", "/v1/messages/count_tokens"):
                status, said = await post(server.url + path)
                assert status in (200, 502), said
            async with aiohttp.ClientSession() as session:
                await (await session.get(f"{server.url}/v1/models")).read()
        assert upstream.sent and not other.sent
