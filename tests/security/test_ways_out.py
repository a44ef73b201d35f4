"""The way to a provider: only to a server that proves who it is, by a company's own CA too, and
through the web proxy that the environment names."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import orjson
import pytest
import trustme

from proxy.providers.way import EXTRA_CAS
from tests.support import messages
from tests.support.program import serve
from tests.support.proxy import config_for
from tests.support.upstream import Upstream

HOST = "models.example"  # no name server knows it: only the web proxy does
KEY = "sk-ant-api03-of-the-provider"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
ASKED = orjson.dumps(
    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
)


@dataclass
class WebProxy:
    """Takes CONNECT, and leads whoever asks to one port of this machine."""

    port: int
    url: str = ""
    heads: list[str] = field(default_factory=list)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        there, away = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pour(reader, away), _pour(there, writer))


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(2**16):
            target.write(data)
            await target.drain()
    except ConnectionError:
        pass
    finally:
        target.close()


@asynccontextmanager
async def web_proxy(port: int) -> AsyncIterator[WebProxy]:
    one = WebProxy(port)
    server = await asyncio.start_server(one.meet, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield one
    finally:
        server.close()


@pytest.fixture
def ca(tmp_path: Path) -> trustme.CA:
    """A company's CA, in a file ca.pem."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return made


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *map(str.lower, PROXIES), *EXTRA_CAS, "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UP_KEY", KEY)


def shown_by(ca: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(name).configure_cert(context)
    return context


def config(url: str) -> str:
    keyed = config_for(url, more="[retry]\ntimes = 0\n")
    return keyed.replace("[tiers]", 'key_env = "UP_KEY"\n[tiers]')


async def asked(folder: Path, url: str) -> tuple[int, str]:
    """What a real `serve`, which has the environment of the test, answers."""
    async with (
        serve(folder, config(url)) as program,
        aiohttp.ClientSession() as session,
        session.post(f"{program.url}/v1/messages", data=ASKED) as got,
    ):
        return got.status, await got.text()


@pytest.mark.parametrize("variable", ["", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"])
async def test_a_companys_ca_is_trusted_where_the_environment_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ca: trustme.CA, variable: str
) -> None:
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "ca.pem"))
    tls = shown_by(ca, "127.0.0.1")
    async with Upstream(messages.says_hello, tls=tls) as upstream:
        status, said = await asked(tmp_path, upstream.url)
        if variable:
            assert status == 200, said
        else:
            assert status == 502 and "certificate" in said and not upstream.sent


async def test_the_environments_web_proxy_leads_out_and_sees_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ca: trustme.CA
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = shown_by(ca, HOST)
    async with Upstream(messages.says_hello, tls=tls) as upstream:
        async with web_proxy(int(upstream.url.rpartition(":")[2])) as way:
            monkeypatch.setenv("HTTPS_PROXY", way.url.replace("//", "//me:pass@"))
            status, said = await asked(tmp_path, f"https://{HOST}")
            assert status == 200, said
    assert [head.split()[1] for head in way.heads] == [f"{HOST}:443"]
    assert base64.b64encode(b"me:pass").decode() in way.heads[0]
    assert KEY not in "".join(way.heads)
    assert KEY in str(upstream.sent[0].headers)
    assert "proxy-authorization" not in upstream.sent[0].headers


@pytest.mark.parametrize("names", [HOST, ".example", "*"])
async def test_no_proxy_goes_straight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    async with web_proxy(9) as way:
        monkeypatch.setenv("HTTPS_PROXY", way.url)
        monkeypatch.setenv("NO_PROXY", names)
        status, said = await asked(tmp_path, f"https://{HOST}")
    assert status == 502 and "could not be reached" in said and way.heads == []


async def test_what_is_on_this_machine_is_never_sent_through_a_web_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Upstream(messages.says_hello) as upstream, web_proxy(9) as way:
        monkeypatch.setenv("HTTP_PROXY", way.url)
        for host in ("127.0.0.1", "localhost"):
            url = upstream.url.replace("127.0.0.1", host)
            assert (await asked(tmp_path, url))[0] == 200
    assert way.heads == []


async def test_a_web_proxy_that_is_not_spoken_to_is_an_error_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
    status, said = await asked(tmp_path, f"https://{HOST}")
    assert status == 502 and "correct HTTPS_PROXY" in said


async def test_no_netrc_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password netrc-secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("UP_KEY", "")
    async with Upstream(messages.says_hello) as upstream:
        await asked(tmp_path, upstream.url)
    assert all("authorization" not in sent.headers for sent in upstream.sent)
