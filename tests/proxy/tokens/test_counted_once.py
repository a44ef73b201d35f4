"""Counting costs nothing that was paid before: no text is encoded twice, none before a call."""

from collections import Counter
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import TraceConfig
from msgspec.structs import replace

from proxy.dialects.model import Message, Request, Text, Tool
from proxy.events import Completed
from proxy.exchange import Exchange
from proxy.memo import Memo
from proxy.money.books import Books
from proxy.providers.http import HttpProvider
from proxy.tokens import counter as tokens
from proxy.tokens import counts
from proxy.tokens.sections import count_request
from tests.proxy.rewrite.choice.fourteen import fourteen
from tests.proxy.test_server import post
from tests.support import messages
from tests.support.messages import call
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Upstream

TURNS = 12
SMALL = ["yes", "no", "ls", "ok", "go on", "done"]


class Encoded(list[str | bytes]):
    """The texts that were encoded, in order."""

    def __init__(self, encode: Any) -> None:
        super().__init__()
        self._encode = encode

    def __call__(self, text: str | bytes) -> int:
        self.append(text)
        counted: int = self._encode(text)
        return counted


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Encoded]:
    """Nothing is known at first, the ranks are loaded, and each text that is encoded is noted."""
    tokens.count("the ranks")
    for module, name in (
        (tokens, "_kept"),
        (tokens, "_lines"),
        (counts, "_of_tools"),
        (counts, "_of_message"),
    ):
        monkeypatch.setattr(module, name, Memo[int](8_192))
    spy = Encoded(tokens._encode)
    monkeypatch.setattr(tokens, "_encode", spy)
    yield spy


def body(turn: int) -> dict[str, Any]:
    """A session with tools after so many rounds; results shrink, and short texts come again."""
    log = "\n".join(f"[{n:3}/240] cc -O2 -Iinclude -c src/unit.c -o unit.o" for n in range(90))
    said: list[dict[str, Any]] = [{"role": "user", "content": "Fix the bug in the parser."}]
    for n in range(turn):
        made = call(f"call_{n}", "Bash", command=f"make part-{n % 3}")
        content = SMALL[n % 6] if n % 2 else f"{log}\npart {n}"
        result = {"type": "tool_result", "tool_use_id": f"call_{n}", "content": content}
        said += [{"role": "assistant", "content": [made]}, {"role": "user", "content": [result]}]
    tools = [tool.raw for tool in fourteen(3)]
    return {"model": "m", "max_tokens": 9, "stream": True, "tools": tools, "messages": said}


async def replayed(folder: Path, encoded: Encoded) -> tuple[Heard, list[int], list[int]]:
    """A whole session; how much was encoded when each call was written to its upstream, and by
    each end."""
    begun: list[int] = []
    ended: list[int] = []
    trace = TraceConfig()

    @trace.on_request_chunk_sent.append
    async def written(*_: object) -> None:
        begun.append(len(encoded))

    trace.freeze()
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(folder, config_for(upstream.url)) as (server, heard),
    ):
        provider = server.house.providers.get("up")
        assert isinstance(provider, HttpProvider)
        provider._session.trace_configs.append(trace)
        for turn in range(TURNS):
            await post(f"{server.url}/v1/messages", body(turn))
            await server.house.counter.run(lambda: None)  # what was left to count is counted
            ended.append(len(encoded))
    return heard, begun, ended


async def test_a_session_encodes_each_text_once(tmp_path: Path, encoded: Encoded) -> None:
    heard, _, _ = await replayed(tmp_path, encoded)
    plain = Counter(text if isinstance(text, str) else text.decode() for text in encoded)
    assert [text for text, times in plain.items() if times > 1] == []
    done = heard.of(Completed)[-1]
    assert isinstance(done, Completed)
    assert done.after.tools < done.before.tools and done.after.messages < done.before.messages


async def test_a_turn_encodes_no_more_than_it_adds(tmp_path: Path, encoded: Encoded) -> None:
    _, begun, ended = await replayed(tmp_path, encoded)
    added = [after - before for before, after in zip(begun, ended, strict=True)]
    assert max(added[1:]) <= 4, "a call's name and arguments, and a result before and after"


async def test_nothing_is_encoded_before_the_call_has_gone(
    tmp_path: Path, encoded: Encoded
) -> None:
    _, begun, ended = await replayed(tmp_path, encoded)
    # the first one may be counted while its connection is made
    assert begun[1:] == ended[:-1]


async def test_what_a_rewrite_left_alone_is_not_even_looked_up(
    tmp_path: Path, encoded: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [Message("user", [Text(f"{n}: and what then?")]) for n in range(50)]
    tools = [Tool("Read", "Reads a file."), Tool("Write", "Writes a file.")]
    asked = Request("anthropic", "m", said, {}, system=[Text("Be brief.")], tools=tools)
    sent = replace(asked, tools=tools[:1])
    counted = count_request(asked), count_request(sent)
    looked: list[Hashable] = []
    peek = tokens._kept.peek

    def noted(text: Hashable) -> int | None:
        looked.append(text)
        return peek(text)

    monkeypatch.setattr(tokens._kept, "peek", noted)
    monkeypatch.setattr(counts, "_of_tools", Memo[int](10))
    async with proxy(tmp_path, config_for("http://127.0.0.1:9")) as (server, _):
        one = Exchange(b"{}", "anthropic", {}, request=asked, sent=sent)
        Books(server.house).open(one)
    assert one.counted and (one.counted.before, one.counted.after) == counted
    assert len(looked) == 50 + 1 + 2 + 1, "messages and system once, and the tools of both"
