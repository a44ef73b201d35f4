"""Keys stand wherever keys can stand, and no file, line, answer or screen has one afterwards."""

import asyncio
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from tests.security.terminal import terminal
from tests.support import messages
from tests.support.program import PROGRAM
from tests.support.upstream import Sent, Upstream, as_json, stream

TOKEN = "token-canary-of-the-door"
ENVIRONMENT = {
    "LYNKR_TUI_TOKEN": TOKEN,
    "FIRST_KEY": "sk-ant-api03-canary-first",
    "SECOND_KEY": "plain-canary-second",
    "OPENAI_API_KEY": "sk-proj-canary-unused-openai",
    "ANTHROPIC_API_KEY": "sk-ant-canary-unused",
    "AWS_ACCESS_KEY_ID": "AKIACANARYACCESSKEYID",
    "AWS_SECRET_ACCESS_KEY": "aws-canary-secret-access-key",
    "AWS_SESSION_TOKEN": "aws-canary-session-token",
    "AWS_EC2_METADATA_DISABLED": "true",
    "HTTP_PROXY": "http://me:proxy-canary-password@127.0.0.1:9",
}
CALLERS = {
    "authorization": "Bearer sk-ant-oat01-canary-caller",
    "x-api-key": "caller-canary-in-x-api-key",
    "api-key": "caller-canary-in-api-key",
    "x-goog-api-key": "caller-canary-in-goog",
    "proxy-authorization": "Basic caller-canary-in-proxy",
    "cookie": "session=caller-canary-in-cookie",
    "x-auth-token": "caller-canary-in-auth-token",
    "ocp-apim-subscription-key": "caller-canary-in-subscription",
    "x-acme-secret": "caller-canary-in-secret",
    "x-lynkr-token": TOKEN,
}
QUERY = "beta=true&key=query-canary-1&api_key=query-canary-2&access%5Ftoken=query-canary-3"
SAYS = [{"role": "user", "content": "Say a word, please."}]
ASKED: dict[str, dict[str, Any]] = {
    "/v1/messages": {
        "messages": SAYS,
        "max_tokens": 50,
        "metadata": {"user_id": "body-canary-user-id"},
    },
    "/v1/chat/completions": {
        "messages": SAYS,
        "user": "body-canary-user",
        "safety_identifier": "body-canary-safety",
        "prompt_cache_key": "sk-proj-canary-as-cache-key",
        "metadata": {"key": "body-canary-metadata"},
    },
    "/v1/responses": {
        "input": "Say a word, please.",
        "prompt_cache_key": "sk-proj-canary-as-cache-key",
        "user": "body-canary",
    },
}
PLAIN = orjson.dumps({"model": "any", "max_tokens": 9, "messages": SAYS})
CONFIG = """
[providers.echo]
kind = "anthropic_compatible"
base_url = "{url}"
key_env = ["FIRST_KEY", "SECOND_KEY"]
[providers.own]
kind = "anthropic"
base_url = "{url}"
key = "client"
[providers.aws]
kind = "bedrock"
base_url = "{url}"
region = "eu-west-1"
[providers.gone]
kind = "openai_compatible"
base_url = "http://127.0.0.1:9"
key_env = "SECOND_KEY"
[tiers]
SIMPLE = "echo/refuses"
MEDIUM = "own/refuses"
COMPLEX = "aws/refuses"
REASONING = "echo/breaks-off"
fallback = {{ SIMPLE = ["gone/m", "own/answers"], COMPLEX = ["echo/page"] }}
[retry]
times = 1
seconds = 0.1
[cache]
semantic = false
[ledger]
keep_text = false
"""


def found(text: str | bytes) -> list[str]:
    """What of the secrets stands there, in clear or as a header would carry it."""
    said = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return re.findall(r"[\w-]*canary[\w-]*|AKIACANARY\w*", said, re.IGNORECASE)


async def echoes(request: web.Request, sent: Sent) -> web.StreamResponse:
    """Repeats whatever it was sent, in every kind of answer."""
    seen = f"no: {sent.headers} {sent.raw_path}"
    model = sent.body.get("model", "") if sent.raw else ""
    if model == "page":
        return web.Response(status=500, text=f"<html><h1>{seen}</h1></html>")
    if model == "breaks-off":
        error = messages.event("error", error={"type": "api_error", "message": seen})
        return await stream(request, [*messages.events(model, [messages.text("Half")])[:3], error])
    if model == "answers":
        return await messages.says_hello(request, sent)
    error_body = {"type": "error", "error": {"type": "authentication_error", "message": seen}}
    return as_json(error_body, 401)


class Listened:
    """What a proxy said: `answers` to its clients, and the rest to whoever steers it."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.answers: list[bytes] = []

    async def ask_all(self, session: aiohttp.ClientSession, url: str) -> None:
        for path, more in ASKED.items():
            for tier in ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING"):
                await self._ask(session, f"{url}{path}?{QUERY}", more, tier)
        for path in ("state", "health", "history?by=model", "routing", "../metrics"):
            async with session.get(f"{url}/lynkr/{path}", headers=CALLERS) as got:
                self.said.append(await got.read())
        asked = f"{url}/lynkr/explain?{QUERY}"
        async with session.post(asked, data=PLAIN, headers=CALLERS) as got:
            assert got.status == 200
            self.said.append(await got.read())

    async def ask_of(self, session: aiohttp.ClientSession, url: str, feed: bytes) -> int:
        """Ask what was answered in each exchange, and replay it; how many answers were told."""
        ids = dict.fromkeys(re.findall(rb'"id":"([0-9a-f]{32})"', feed))
        told = 0
        for id in ids:
            place = f"{url}/lynkr/exchanges/{id.decode()}"
            for method, what in (("GET", ""), ("GET", "/answer"), ("GET", "/replay")):
                async with session.request(method, place + what, headers=CALLERS) as got:
                    self.said.append(await got.read())
                    told += got.status == 200 and what == "/answer"
            asked = b'{"tier": "REASONING"}'
            async with session.post(f"{place}/replay", data=asked, headers=CALLERS) as got:
                self.said.append(await got.read())
        return told

    async def _ask(
        self, session: aiohttp.ClientSession, url: str, more: dict[str, Any], tier: str
    ) -> None:
        headers = {**CALLERS, "x-lynkr-tier": tier}
        data = orjson.dumps({"model": "any", "stream": True, **more})
        async with session.post(url, data=data, headers=headers) as got:
            self.answers += [str(got.headers).encode(), await got.read()]


@pytest.fixture
def _careless() -> Iterator[None]:
    """A umask that leaves all files open to everyone."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


async def run(*words: str | Path) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, *words), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, said.decode()


async def everything_asked(url: str, listened: Listened, feed: bytearray) -> None:
    """Every request, and every door about each, while `feed` takes what the event stream tells."""
    async with aiohttp.ClientSession() as session:
        hearing = asyncio.ensure_future(hear(session, url, feed))  # noqa: TID251
        try:
            while not feed:
                await asyncio.sleep(0.02)
            await listened.ask_all(session, url)
            await until_told(feed, len(ASKED) * 4)
            assert await listened.ask_of(session, url, bytes(feed)) == len(ASKED) * 4
            await until_told(feed, len(ASKED) * 8)
        finally:
            hearing.cancel()
            await asyncio.wait([hearing])


def its_owners_alone(data: Path) -> None:
    for path in [data, *data.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.usefixtures("_keys", "_careless")
@pytest.mark.parametrize("as_json", [True, False])
async def test_no_key_is_told_to_anyone(tmp_path: Path, as_json: bool) -> None:
    data, config = tmp_path / "data", tmp_path / "config.toml"
    listened, feed = Listened(), bytearray()
    async with Upstream(echoes) as upstream:
        config.write_text(CONFIG.format(url=upstream.url))
        places = ("--config", config, "--data", data)
        with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
            form = ("--json",) if as_json else ()
            process = await asyncio.create_subprocess_exec(
                *(PROGRAM, "serve", *places, "--host", "0.0.0.0", "--port", "0", *form),
                stdout=out,
                stderr=err,
            )
            try:
                url = await listening(tmp_path / "err", process)
                await everything_asked(url, listened, feed)
            finally:
                process.terminate()
                await asyncio.wait_for(process.wait(), 15)
        printed = [
            await run("history", "--by", "session", "--json", "--data", data),
            await run("history", "--by", "provider", "--csv", "--data", data),
            await run("doctor", "--report", *places),
            await run("doctor", "--json", *places),
        ]
    assert any("canary" in str(sent.headers) for sent in upstream.sent), "nothing was sent"
    assert found(b"\n".join(listened.said)) == []
    # The Responses API repeats to a client what stood in its own body.
    back = [one for one in found(b"\n".join(listened.answers)) if one not in str(ASKED)]
    assert back == [] and b"[secret]" in b"".join(listened.answers)
    assert found(bytes(feed)) == []
    assert [found(said) for _, said in printed] == [[]] * len(printed), printed
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path != config]
    assert {path.name for path in written} >= {"ledger.db", "lynkr-tui.log", "out", "err"}
    assert {path: found(path.read_bytes()) for path in written} == {path: [] for path in written}
    its_owners_alone(data)
    its_own_alone(upstream)


def its_own_alone(upstream: Upstream) -> None:
    """No caller's secret but to `own`, none of ours to `own`, and none in a URL."""
    for sent in upstream.sent:
        assert "canary" not in sent.raw_path
        secrets = " ".join(found(str(sent.headers)))
        handed_on = "caller" in secrets
        assert not (handed_on and ("first" in secrets or "second" in secrets))
        assert TOKEN not in str(sent.headers) and "cookie" not in secrets
        assert "proxy" not in secrets and "unused" not in secrets


async def listening(path: Path, process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(30):
        while not (said := re.search(r"listens on http://0\.0\.0\.0:(\d+);", path.read_text())):
            assert process.returncode is None, path.read_text()
            await asyncio.sleep(0.05)
    return f"http://127.0.0.1:{said[1]}"


async def hear(session: aiohttp.ClientSession, url: str, feed: bytearray) -> None:
    async with session.get(
        f"{url}/lynkr/events?hold=texts", headers={"x-lynkr-token": TOKEN}
    ) as got:
        async for chunk in got.content.iter_any():
            feed += chunk


async def until_told(feed: bytearray, ends: int) -> None:
    async with asyncio.timeout(20):
        while feed.count(b"event: Completed") + feed.count(b"event: Failed") < ends:
            await asyncio.sleep(0.05)


WRONG = {
    "a key as key": 'key = "canary-in-the-config"',
    "a key as key_env": 'key_env = "sk-ant-canary-in-the-config"',
    "a key as an unknown setting": 'api_key = "canary-in-the-config"',
    "a key in the URL": 'base_url = "https://me:canary-in-the-config@127.0.0.1"',
    "a key in the query": 'base_url = "https://127.0.0.1/?key=canary-in-the-config"',
    "a key as region": 'region = "canary in the config"',
    "a key as keyring": 'keyring = "canary in the config"',
    "a key out of place": "canary-in-the-config",
}


@pytest.mark.parametrize("fault", WRONG)
async def test_a_key_in_the_config_is_refused_and_not_repeated(tmp_path: Path, fault: str) -> None:
    config = tmp_path / "config.toml"
    text = CONFIG.format(url="http://127.0.0.1:9")
    config.write_text(text.replace("[tiers]", f"{WRONG[fault]}\n[tiers]"))
    places = ("--config", config, "--data", tmp_path / "data")
    for words in (("serve", "--port", "0"), ("doctor", "--report"), ("doctor", "--json")):
        code, said = await run(*words, *places)
        assert code == 1 and "config" in said
        assert found(said) == []


@pytest.mark.usefixtures("_keys")
async def test_the_screens_show_none(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    listened = Listened()
    async with Upstream(echoes) as upstream:
        config.write_text(CONFIG.format(url=upstream.url))
        words = (
            "--config",
            config,
            "--data",
            tmp_path / "data",
            "--port",
            "0",
            "--host",
            "0.0.0.0",
        )
        async with terminal(*words, env=ENVIRONMENT) as screen:
            await screen.sees("0.0.0.0:")
            said = re.search(r"0\.0\.0\.0:(\d+)", screen.text)
            assert said
            async with aiohttp.ClientSession() as session:
                await listened.ask_all(session, f"http://127.0.0.1:{said[1]}")
            await screen.sees("[secret]")
            for key in "jjkk\rrpsl?lyYvG":
                screen.press(key)
                await screen.at_rest(0.2)
            screen.press("q")
            await screen.until(lambda: screen.process.returncode == 0, "the end")
        copied = re.findall(rb"\x1b\]52;c;([^\x07\x1b]*)", bytes(screen.raw))
    assert found(bytes(screen.raw)) == [] and found(screen.text) == []
    assert copied and [found(base64_of(one)) for one in copied] == [[]] * len(copied)


def base64_of(raw: bytes) -> bytes:
    import base64

    return base64.b64decode(raw)
