"""Every golden dialogue of a trap, through a real proxy before a scripted upstream."""

from pathlib import Path

import aiohttp
import pytest
from pydantic_core import from_json

from tests.support.proxy import config_for, proxy
from tests.support.traps import FOLDER, PATHS, Said, Trap, read, settled
from tests.support.upstream import Upstream

TRAPS = [read(folder) for folder in sorted(FOLDER.iterdir())]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.folder.name)
async def test_a_trap_is_passed_as_its_golden_dialogue_says(
    trap: Trap, tmp_path: Path, monkeypatch
):
    assert trap.promise
    trap.lend_key(monkeypatch)
    async with (
        Upstream(trap.reply) as upstream,
        proxy(tmp_path, config_for(upstream.url, trap.provider, more=_config(trap))) as (server, _),
    ):
        got = await _post(server.url + PATHS[trap.client], trap)
        raw = [one.raw for one in upstream.sent]
    told = f"{trap.folder.name}: {trap.promise}"
    if trap.upstream_bytes is not None:
        assert raw == [trap.upstream_bytes], told
    elif trap.upstream is not None:
        assert [from_json(one) for one in raw] == [trap.upstream], told
    elif trap.answer is None:
        assert raw == [], told
    _compare(got, trap, told)


def _config(trap: Trap) -> str:
    return trap.fields.get("config", "").replace("; ", "\n")


async def _post(url: str, trap: Trap) -> Said:
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=trap.request, headers=trap.headers) as answer,
    ):
        named = {name.lower(): text for name, text in answer.headers.items()}
        return Said(answer.status, named, settled(await answer.read()))


def _compare(got: Said, trap: Trap, told: str) -> None:
    want = trap.expected
    assert got.status == (want.status if want else 200), f"{told}\n{got.body.decode()}"
    if want is None:
        return
    for name, text in want.headers.items():
        assert got.headers[name].startswith(text), told
    if got.headers["content-type"].startswith("application/json"):
        assert from_json(got.body) == from_json(want.body), told
    else:
        assert got.body.decode() == want.body.decode(), told
