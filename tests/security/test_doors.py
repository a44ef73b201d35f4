"""Who is let in on this machine: programs that name the proxy, and no web page from elsewhere."""

from pathlib import Path

import aiohttp
import pytest

from proxy.clients.guests import is_loopback
from tests.security.raw import PATHS, answer_to, head, parted
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

BODY = b'{"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}'
DOORS = [
    ("POST", "/v1/messages"),
    ("POST", "/v1/messages/count_tokens"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/responses"),
    ("GET", "/v1/models"),
    ("GET", "/"),
    ("GET", "/api/hello"),
    ("GET", "/lynkr/health"),
    ("POST", "/lynkr/explain"),
    ("GET", "/lynkr/events"),
    ("GET", "/lynkr/history"),
    ("GET", "/lynkr/routing"),
    ("PUT", "/lynkr/routing"),
    ("DELETE", "/lynkr/cache"),
    ("GET", "/metrics"),
    ("GET", "/not/served"),
    ("DELETE", "/v1/messages"),
]
HOSTS = ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8081", "", "[::1"]
PAGES: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


async def status(url: str, method: str, **headers: str) -> tuple[int, str]:
    body = BODY if method in ("POST", "PUT") else None
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=body, headers=headers) as got,
    ):
        assert not [name for name in got.headers if name.lower().startswith("access-control")]
        return got.status, await got.text()


@pytest.mark.parametrize("host", HOSTS)
async def test_a_name_that_was_bound_anew_opens_no_door(tmp_path: Path, host: str) -> None:
    async with Upstream(messages.says_hello) as upstream:
        async with proxy(tmp_path, config_for(upstream.url)) as (server, heard):
            for method, path in DOORS:
                sent = head(
                    path, "Content-Length: 0", "Connection: close", method=method, host=host
                )
                code, said = parted(await answer_to(server.port, sent))
                assert code == 403, (method, path)
                assert "Host header" in said["error"]["message"]
            assert heard == [] and upstream.sent == []


@pytest.mark.parametrize("page", PAGES, ids=str)
async def test_a_foreign_page_can_neither_read_nor_spend(
    tmp_path: Path, page: dict[str, str]
) -> None:
    async with Upstream(messages.says_hello) as upstream:
        async with proxy(tmp_path, config_for(upstream.url)) as (server, heard):
            for method, path in DOORS:
                asked = {**page, "Content-Type": "text/plain"}
                code, _ = await status(server.url + path, method, **asked)
                assert code == 403, (method, path)
            assert heard == [] and upstream.sent == []


async def test_no_preflight_is_granted(tmp_path: Path) -> None:
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        for path in (*PATHS.values(), "/lynkr/routing"):
            assert (await status(server.url + path, "OPTIONS", **asked))[0] == 403


async def test_an_editors_own_page_may_ask_a_model_but_not_steer(tmp_path: Path) -> None:
    origin = {"Origin": "vscode-webview://0a1b"}
    async with Upstream(messages.says_hello) as upstream:
        async with proxy(tmp_path, config_for(upstream.url)) as (server, _):
            assert (await status(f"{server.url}/v1/messages", "POST", **origin))[0] == 200
            assert (await status(f"{server.url}/lynkr/routing", "GET", **origin))[0] == 403


@pytest.mark.parametrize("dialect", PATHS)
async def test_a_refusal_is_said_in_the_dialect_of_the_path(tmp_path: Path, dialect: str) -> None:
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        for path, lines, code in (
            (PATHS[dialect], ("Origin: https://evil.example",), 403),
            (f"{PATHS[dialect]}/nowhere", (), 404),
        ):
            sent = head(path, *lines, "Content-Length: 0", "Connection: close")
            got, said = parted(await answer_to(server.port, sent))
            assert got == code and ("type" in said) == (dialect == "anthropic")
            assert said["error"]["message"]


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("127.evil.example", False), ("192.168.1.5", False)],
)  # fmt: skip
def test_only_loopback_is_loopback(host: str, local: bool) -> None:
    assert is_loopback(host) is local
