"""Whatever an upstream does, a client hears a whole answer or an error in its own dialect."""

import socket
import ssl
import threading
from pathlib import Path

import pytest
import trustme

from proxy.dialects.table import DIALECTS
from proxy.events import Completed, Failed
from proxy.providers import http
from tests.proxy.faults import upstreams
from tests.proxy.faults.talk import ask
from tests.proxy.faults.upstreams import FAULTS, KINDS
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

NO_WAIT = "[cache]\nsemantic = false\nexact = false\n[retry]\ntimes = 0\n"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_ends_in_an_answer_or_in_an_error_the_client_knows(
    fault: str, kind: str, tmp_path: Path
):
    answer, expected = FAULTS[fault]
    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config_for(upstream.url, kind, NO_WAIT)) as (server, heard),
    ):
        for dialect in DIALECTS:
            for streamed in (False, True):
                heard.clear()
                server.house.breakers.forget()
                got = await ask(server, dialect, streamed)
                assert expected == ("whole" if got.whole else "error"), (dialect, got)
                assert "lynkr-tui failed" not in got.error, "a fault of our own"
                ends = [type(event) for event in heard if isinstance(event, Completed | Failed)]
                assert ends == [Completed if got.whole else Failed]


@pytest.mark.parametrize("streamed", [False, True])
async def test_an_answer_without_end_is_let_go(streamed: bool, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(http, "MOST_ANSWER", upstreams.HUGE // 2)
    async with (
        Upstream(upstreams.one_huge_event) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=NO_WAIT)) as (server, _),
    ):
        got = await ask(server, "anthropic", streamed)
        assert not got.whole and "more than 3 MiB" in got.error


async def test_a_redirect_is_named_and_followed_nowhere(tmp_path: Path):
    async with Upstream(upstreams.well) as elsewhere:
        away = f"{elsewhere.url}/login?token=secret"
        async with (
            Upstream(upstreams.body(b"", "", 307, location=away)) as upstream,
            proxy(tmp_path, config_for(upstream.url)) as (server, _),
        ):
            got = await ask(server, "openai_chat", True)
        assert got.status == 502 and f"a redirect to {elsewhere.url}/login," in got.error
        assert "base_url" in got.error and "secret" not in got.error
        assert (len(upstream.sent), len(elsewhere.sent)) == (1, 0)


@pytest.mark.parametrize("name", ["127.0.0.1", "elsewhere.example"])
async def test_a_certificate_has_to_be_the_servers_own(name: str, tmp_path: Path, monkeypatch):
    ca, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(name).configure_cert(context)
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(tmp_path / "ca.pem"))
    async with (
        Upstream(upstreams.well, tls=context) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        got = await ask(server, "anthropic", False)
        assert got.whole == (name == "127.0.0.1")
        if not got.whole:
            assert got.status == 502 and "certificate" in got.error and upstream.url in got.error
            assert "SSL_CERT_FILE" in got.error and not upstream.sent


async def test_a_name_that_is_looked_up_for_ever_is_a_connection_not_made(
    tmp_path: Path, monkeypatch
):
    found, look_up = threading.Event(), socket.getaddrinfo

    def slow(host: str, *more: object, **named: object) -> object:
        if host == "slow.example":
            found.wait(20)
        return look_up("127.0.0.1", *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    async with proxy(tmp_path, _impatient("http://slow.example:9")) as (server, _):
        got = await ask(server, "anthropic", True)
        found.set()
        assert got.status == 504 and "http://slow.example:9" in got.error


async def test_a_server_that_never_shows_its_certificate_is_one_too(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        async with proxy(tmp_path, _impatient(url)) as (server, _):
            got = await ask(server, "openai_chat", False)
        assert got.status == 504 and url in got.error


def _impatient(url: str) -> str:
    place = f'base_url = "{url}"'
    return config_for(url, more=NO_WAIT).replace(place, f"{place}\ntimeout = {{ connect = 0.2 }}")


async def test_a_name_that_nobody_knows_is_a_502_that_says_so(tmp_path: Path):
    async with proxy(tmp_path, config_for("http://nowhere.invalid", more=NO_WAIT)) as (server, _):
        got = await ask(server, "openai_responses", False)
        assert got.status == 502
        assert "provider up at http://nowhere.invalid/v1/messages" in got.error
        assert "base_url" in got.error
