"""Who may knock where the proxy listens to other machines: nobody without its token."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest
from click.testing import CliRunner

from app.commands import cli
from app.house import running
from app.process.failure import Failure
from proxy.config.edit import ConfigFile
from proxy.paths import DataFiles
from tests.support import messages
from tests.support.proxy import config_for
from tests.support.upstream import Upstream

TOKEN = "a-secret-of-some-length"
BODY = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
OWN_KEY = 'key = "client"'


async def status(port: int, method: str, path: str, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body: Any = BODY if method == "POST" else None
    url = f"http://127.0.0.1:{port}{path}"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, json=body, headers=named) as got,
    ):
        return got.status


async def test_every_door_wants_the_token_and_no_provider_ever_gets_it(tmp_path: Path):
    path = tmp_path / "config.toml"
    async with Upstream(messages.says_hello) as upstream:
        config = config_for(upstream.url, "anthropic")
        path.write_text(config.replace("[tiers]", f"{OWN_KEY}\n[tiers]"))
        data = DataFiles(tmp_path / "data")
        async with running(ConfigFile(path), data, "0.0.0.0", 0, TOKEN) as server:
            port = server.port
            for method, where in (
                ("POST", "/v1/messages"),
                ("GET", "/v1/models"),
                ("GET", "/lynkr/health"),
                ("GET", "/lynkr/routing"),
                ("GET", "/metrics"),
                ("GET", "/"),
            ):
                assert await status(port, method, where) == 401, where
                assert await status(port, method, where, x_api_key="wrong") == 401
                for shown in (
                    {"x_api_key": TOKEN},
                    {"authorization": f"Bearer {TOKEN}"},
                    {"x_lynkr_token": TOKEN, "x_api_key": "sk-ant-their-own"},
                ):
                    assert await status(port, method, where, **shown) == 200, where
            evil = {"x_lynkr_token": TOKEN, "origin": "https://evil.example"}
            assert await status(port, "GET", "/lynkr/routing", **evil) == 403
        sent = [one.headers for one in upstream.sent]
    assert not any(TOKEN in value for headers in sent for value in headers.values())
    assert "sk-ant-their-own" in [headers.get("x-api-key") for headers in sent]


@pytest.mark.parametrize("token", ["", "short"])
def test_without_a_token_it_does_not_listen_to_other_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
):
    monkeypatch.setenv("LYNKR_TUI_TOKEN", token)
    path = tmp_path / "config.toml"
    path.write_text(config_for("http://127.0.0.1:9"))
    asked = ["serve", "--config", str(path), "--data", str(tmp_path), "--host", "0.0.0.0"]
    done = CliRunner().invoke(cli, asked)
    assert isinstance(done.exception, Failure)
    assert "set LYNKR_TUI_TOKEN" in str(done.exception)
