"""A fault of our own tells where it was, and no key."""

from pathlib import Path

import aiohttp
import orjson
import pytest

from app.process.crash import told
from proxy.answer.relay import Relay
from proxy.secrets import remember
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

KEY = "plain-canary-of-no-known-shape"
ASKED = orjson.dumps(
    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
)


async def test_a_fault_in_a_handler_is_told_without_the_key_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(relay: Relay, given: object) -> None:
        raise RuntimeError(f"the lamp fell over {KEY}")

    monkeypatch.setenv("UP_KEY", KEY)
    monkeypatch.setattr(Relay, "run", breaks)
    async with Upstream(messages.says_hello) as upstream:
        config = config_for(upstream.url).replace("[tiers]", 'key_env = "UP_KEY"\n[tiers]')
        async with proxy(tmp_path, config) as (server, heard), aiohttp.ClientSession() as session:
            async with session.post(f"{server.url}/v1/messages", data=ASKED) as got:
                said = await got.text()
        assert got.status == 500 and "the lamp fell over [secret]" in said
        assert KEY not in str(list(heard)) and "[secret]" in str(list(heard))


def test_a_fault_of_a_command_is_told_without_keys_or_escapes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    remember((KEY,))
    try:
        raise RuntimeError(f"{KEY} and sk-proj-canary-unknown-to-us \x1b[2J")
    except RuntimeError:
        assert told() == 1
    said = capsys.readouterr().err
    assert "RuntimeError: [secret] and [secret]" in said and "\x1b" not in said
