"""An exchange leaves nothing to the garbage collector: its bodies go when it ends."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.dialects.model import Request
from proxy.exchange import Exchange
from tests.proxy.test_server import QUESTION, post
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

TOOLS = [
    {"name": name, "description": f"{name}s.", "input_schema": {"type": "object"}}
    for name in ("Read", "Bash")
]


@pytest.fixture
def uncollected() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def living(but: list[object]) -> list[object]:
    found = [one for one in gc.get_objects() if isinstance(one, Exchange | Request)]
    return [one for one in found if not any(one is other for other in but)]


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("tools", [[], TOOLS], ids=["no tools", "tools"])
@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
async def test_what_was_asked_goes_with_its_exchange(tmp_path: Path, stream: bool, tools):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        before = living([])  # some other test's
        body = QUESTION | {"stream": stream} | ({"tools": tools} if tools else {})
        for _ in range(3):
            assert (await post(f"{server.url}/v1/messages", body))[0] == 200
        assert living(before) == []
