"""What is wrong with the way to a proxy elsewhere is one sentence that names the fix."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import trustme
from aiohttp import web

from app.attach.address import address, in_the_clear
from app.attach.far import Far, FarError
from app.house import running
from proxy.config.edit import ConfigFile
from proxy.control.api import Handler
from proxy.paths import DataFiles
from proxy.server import Server
from tests.app.attach.attaching import attached, following, so
from tests.support.proxy import config_for, proxy

TOKEN = "a-secret-of-some-length"


@asynccontextmanager
async def answering(
    status: int,
    body: str,
    security: ssl.SSLContext | None = None,
    paths: Mapping[str, Handler] = {},  # noqa: B006
    **headers: str,
) -> AsyncIterator[str]:
    """A server that is no proxy of ours, or an older one with some `paths`; its URL."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers=headers)

    app = web.Application()
    for path, handler in paths.items():
        app.router.add_get(path, handler)
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=security)
    await site.start()
    try:
        yield f"http{'s' if security else ''}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def guarded(folder: Path) -> AsyncIterator[Server]:
    """A proxy that lets in other machines, with the token."""
    path = folder / "config.toml"
    path.write_text(config_for("http://127.0.0.1:9"))
    data = DataFiles(folder / "data")
    async with running(ConfigFile(path), data, "0.0.0.0", 0, TOKEN) as server:
        yield server


async def refused(url: str, token: str = "") -> str:
    with pytest.raises(FarError) as error:
        async with following(url, token):
            pass
    said = str(error.value)
    assert "\n" not in said
    return said


async def test_where_nothing_listens():
    assert await refused("http://127.0.0.1:9") == (
        "nothing answers at http://127.0.0.1:9: Connection refused"
    )


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, "<html>welcome"), (200, "[]"), (404, "not here"), (500, ""), (401, "Basic, please")],
)
async def test_another_server_is_not_taken_for_a_proxy(status: int, body: str):
    async with answering(status, body) as url:
        said = await refused(url)
    assert url in said
    assert "not as lynkr-tui does" in said or "wants its token" in said


async def test_an_object_of_another_kind_is_no_state():
    async with answering(200, '{"status": "UP"}') as url:
        assert "does not know" in await refused(url)


async def test_a_redirect_is_followed_nowhere():
    async with answering(301, "", Location="https://elsewhere.example/x?token=1") as url:
        said = await refused(url, TOKEN)
    assert said == f"{url} leads on to https://elsewhere.example/x; attach to that"


async def test_the_token_opens_and_another_or_none_does_not(tmp_path: Path):
    async with guarded(tmp_path) as server:
        url = f"http://127.0.0.1:{server.port}"
        assert await refused(url) == f"{url} wants its token: set LYNKR_TUI_TOKEN to it"
        wrong = await refused(url, "another-secret-of-length")
        assert wrong == f"{url} refuses the token in LYNKR_TUI_TOKEN"
        async with following(url, TOKEN) as given:
            assert given.link is not None and given.link.take() == []
            assert given.upstreams is not None and "up" in given.upstreams.rows


async def test_a_token_that_can_be_read_on_the_way_is_warned_of(tmp_path: Path):
    async with (
        guarded(tmp_path) as server,
        following(f"http://0.0.0.0:{server.port}", TOKEN) as far,
    ):
        assert far.link is not None
        [said] = far.link.take()
        assert said == ("http:// is not encrypted: who is on the way to 0.0.0.0 can read the token")
        assert far.link.take() == [], "it is said once"


async def test_another_version_is_said_and_the_same_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        async with following(server.url) as far:
            assert far.link is not None and far.link.take() == []
        monkeypatch.setattr("app.attach.run.version", lambda name: "9.8.7")
        async with attached(server.url) as (dashboard, pilot):
            notes = dashboard._notifications
            said = "this is 9.8.7: what one does not know is left out"
            await so(pilot, lambda: any(said in note.message for note in notes))


async def test_a_proxy_that_is_too_old_to_be_attached_to_is_said_to_be_one():
    async def health(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "uptime_seconds": 1.0})

    async with answering(404, "", paths={"/lynkr/health": health}) as url:
        said = await refused(url)
    assert said == f"{url} is a lynkr-tui that can't be attached to; bring it up to date"


async def test_who_uses_another_name_is_told_what_the_proxy_says(tmp_path: Path):
    async with answering(403, '{"error": {"message": "the Host header names x"}}') as url:
        assert await refused(url) == f"{url} answers 403: the Host header names x"


async def test_a_certificate_has_to_be_one_that_is_trusted(monkeypatch: pytest.MonkeyPatch):
    ca, security = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1").configure_cert(security)
    async with answering(200, "{}", security) as url:
        assert "certificate that can't be trusted" in await refused(url)
        trusting = ssl.create_default_context()
        ca.configure_trust(trusting)
        connector = aiohttp.TCPConnector(ssl=trusting)
        async with aiohttp.ClientSession(connector=connector) as session:
            assert await Far(url, session).ask("GET", "/lynkr/state") == {}


async def test_one_that_never_answers_is_left_in_time():
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener, aiohttp.ClientSession() as session:
        with pytest.raises(FarError, match="does not answer in time"):
            await Far(url, session).ask("GET", "/lynkr/state", seconds=0.2)


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:8081",
        "ftp://h",
        "http://",
        "http://me:secret@h",
        "http://h?token=x",
        "http://h:port",
        "http://h/#x",
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(ValueError):
        address(text)


def test_an_address_is_taken_with_its_path_and_the_clear_is_known():
    assert address("https://h.example/proxy/ ") == "https://h.example/proxy"
    assert in_the_clear("http://h.example:8081") == "h.example"
    assert in_the_clear("https://h.example") == in_the_clear("http://127.0.0.1:1") == ""
    assert in_the_clear("http://[::1]:8081") == ""
