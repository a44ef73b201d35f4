"""Whole coding sessions through a real proxy, turn by turn, at Anthropic's cache prices.

The sessions are made up (see sessions.py). What each turn would have cost as it came is priced by
the same model of a prompt cache as what the proxy sent, its own calls among them: a stripped tool
that the model needs is loaded first, an abridged result is now and then recalled.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson
from aiohttp import ClientSession, web

from proxy.dialects.model import Text, ToolCall, ToolResult, Usage
from proxy.events import CacheLost, Completed
from proxy.money.prices import Prices
from proxy.tokens.counter import count
from tests.proxy.rewrite.choice.fourteen import fourteen
from tests.proxy.rewrite.sessions import session
from tests.support import messages
from tests.support.prompt_cache import Body, PromptCache
from tests.support.proxy import proxy
from tests.support.upstream import Sent, Upstream, as_json

MODEL: Final = "claude-sonnet-4-5"
LOAD, THROUGH, RECALL = "lynkr_load_tools", "lynkr_call_tool", "lynkr_recall"
KINDS: Final = ("anthropic", "anthropic_compatible")  # a fixed prefix, and one that grows
LEVELS: Final = ("lossless", "balanced")
SIZES: Final = (6_000, 60_000, 250_000)  # characters of results
RECALLS: Final = 0.1  # of the abridged results
PAUSES: Final = 0.05  # of the turns come after the cache has forgotten
SYSTEM: Final = "You are a careful engineer in this repository. Say little and test all. " * 60
PROMPTS: Final = (
    "Fix the bug and see that all tests pass.",
    "Why is the start so slow? Find out.",
    "Now write a test for it.",
    "Search the web for how others do that.",
    "Look at what calls it, and rename it there too.",
    "Make a plan first, in five steps.",
    "yes, do that",
    "Add a line to the changelog and commit.",
)
CONFIG: Final = """
[providers.up]
kind = "{kind}"
base_url = "{url}"
key = "client"
[tiers]
SIMPLE = "up/claude-sonnet-4-5"
MEDIUM = "up/claude-sonnet-4-5"
COMPLEX = "up/claude-sonnet-4-5"
REASONING = "up/claude-sonnet-4-5"
[compression]
level = "{level}"
[tools]
strip = {strip}
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A request of the client's, when it comes, and what the model answers: a call, or words."""

    body: Body
    at: float
    answer: ToolCall | str


@dataclass(slots=True)
class Costs:
    """A session's dollars as it came and as it was sent, and what the proxy said of them."""

    as_came: float = 0.0
    as_sent: float = 0.0
    told_as_came: float = 0.0
    told_cost: float = 0.0
    own_calls: int = 0
    losses: int = 0  # times that a rewrite is said to have cost the prompt cache
    tokens: list[tuple[int, int]] = field(default_factory=list)

    @property
    def saved(self) -> float:
        return 1 - self.as_sent / self.as_came


def turns(seed: int, characters: int, marks: bool) -> Iterator[Turn]:
    """A session of about so many characters of results; `marks` as Claude Code sets them."""
    pick = Random(seed)
    tools = [tool.raw for tool in fourteen(3)]
    said: list[Body] = [_user(messages.text(PROMPTS[seed % len(PROMPTS)]))]
    at = 0.0
    for call, result in _rounds(seed, characters):
        at += 400.0 if pick.random() < PAUSES else pick.uniform(5, 40)
        yield Turn(_body(said, tools, marks), at, call)
        given = {"type": "tool_result", "tool_use_id": call.id, "content": result}
        said = [*said, {"role": "assistant", "content": [_spoken(call)]}, _user(given)]
        if pick.random() < 0.12:
            words = "That is done. Shall I go on?"
            at += pick.uniform(5, 40)
            yield Turn(_body(said, tools, marks), at, words)
            said.append({"role": "assistant", "content": [messages.text(words)]})
            said.append(_user(messages.text(pick.choice(PROMPTS))))
    yield Turn(_body(said, tools, marks), at + 20, "All tests pass.")


def _rounds(seed: int, characters: int) -> Iterator[tuple[ToolCall, str]]:
    """Calls with arguments that their schemas allow, and what they gave."""
    schemas = {tool.name: tool.schema for tool in fourteen()}
    last: ToolCall | None = None
    for message in session(seed, characters).messages:
        for block in message.blocks:
            if isinstance(block, ToolCall):
                given = {name: "as before" for name in schemas[block.name].get("required", ())}
                known = schemas[block.name].get("properties", {})
                asked = {k: v for k, v in orjson.loads(block.arguments).items() if k in known}
                last = ToolCall(block.id, block.name, orjson.dumps(given | asked).decode())
            elif isinstance(block, ToolResult) and last is not None:
                text = block.content[0]
                assert isinstance(text, Text)
                yield last, text.text


def _user(block: Body) -> Body:
    return {"role": "user", "content": [block]}


def _body(said: list[Body], tools: list[Body], marks: bool) -> Body:
    system: Body = {"type": "text", "text": SYSTEM}
    sent = list(said)
    body = {"model": MODEL, "max_tokens": 4_096, "tools": tools, "messages": sent}
    if not marks:
        return {**body, "system": [system]}
    users = [at for at, message in enumerate(said) if message["role"] == "user"][-2:]
    for at in users:
        *others, last = said[at]["content"]
        sent[at] = {"role": "user", "content": [*others, _marked(last)]}
    return {**body, "system": [_marked(system)]}


def _marked(block: Body) -> Body:
    return {**block, "cache_control": {"type": "ephemeral"}}


class Provider:
    """Bills by its cache, and answers with what the session's model does next."""

    def __init__(self, seed: int) -> None:
        self.turn: Turn | None = None
        self.cost = 0.0
        self.calls = 0
        self._cache = PromptCache()
        self._loaded: set[str] = set()
        self._recalled: set[str] = set()
        self._pick = Random(seed)

    async def answer(self, request: web.Request, sent: Sent) -> web.StreamResponse:
        assert self.turn is not None
        block = self._next(sent.body, self.turn.answer)
        used = self._cache.bill(sent.body, self.turn.at, _size(block))
        self.cost += dollars(used)
        self.calls += 1
        return as_json(messages.answer(MODEL, [block]) | {"usage": _told(used)})

    def _next(self, body: Body, meant: ToolCall | str) -> Body:
        names = {tool["name"] for tool in body["tools"]}
        if RECALL in names and (id := self._to_recall(body["messages"][-1])):
            return messages.call(f"call_r{self.calls}", RECALL, id=id)
        if isinstance(meant, str) or meant.name in names:
            return _spoken(meant)
        if meant.name not in self._loaded:
            self._loaded.add(meant.name)
            return messages.call(f"call_l{self.calls}", LOAD, names=[meant.name])
        assert THROUGH in names, f"{meant.name} was loaded and is not there"
        given = {"name": meant.name, "arguments": orjson.loads(meant.arguments)}
        return {"type": "tool_use", "id": meant.id, "name": THROUGH, "input": given}

    def _to_recall(self, last: Body) -> str:
        found = re.search(r'lynkr_recall id=\\?"(r[0-9a-f]{12})', orjson.dumps(last).decode())
        id = found[1] if found else ""
        if not id or id in self._recalled:
            return ""
        self._recalled.add(id)
        return id if self._pick.random() < RECALLS else ""


def _spoken(meant: ToolCall | str) -> Body:
    if isinstance(meant, str):
        return messages.text(meant)
    return messages.call(meant.id, meant.name, **orjson.loads(meant.arguments))


def _size(block: Body) -> int:
    return count(orjson.dumps(block))


def _told(used: Usage) -> dict[str, int | None]:
    return {
        "input_tokens": used.input,
        "output_tokens": used.output,
        "cache_read_input_tokens": used.cache_read,
        "cache_creation_input_tokens": used.cache_write,
    }


def dollars(used: Usage) -> float:
    cost = _PRICES.cost("anthropic", MODEL, used)
    assert cost is not None
    return cost


_PRICES: Final = Prices()


async def replay(folder: Path, given: list[Turn], seed: int = 0, **config: Any) -> Costs:
    """A session's costs; `config` names the provider's `kind`, the `level` and `strip`."""
    provider, cache, costs = Provider(seed), PromptCache(), Costs()
    async with Upstream(provider.answer) as upstream:
        text = CONFIG.format(url=upstream.url, **config)
        async with proxy(folder, text) as (server, heard), ClientSession() as client:
            server.house.originals.wait()
            for turn in given:
                provider.turn = turn
                await _post(client, server.url, turn.body)
                costs.as_came += dollars(
                    cache.bill(turn.body, turn.at, _size(_spoken(turn.answer)))
                )
    for done in heard.of(Completed):
        assert isinstance(done, Completed)
        costs.tokens.append((done.before.total, done.after.total))
        if done.cost is not None and done.cost_as_came is not None:
            costs.told_cost += done.cost
            costs.told_as_came += done.cost_as_came
    costs.losses = len(heard.of(CacheLost))
    costs.as_sent, costs.own_calls = provider.cost, provider.calls - len(given)
    return costs


async def _post(client: ClientSession, url: str, body: Body) -> None:
    async with client.post(f"{url}/v1/messages", json=body, headers={"x-api-key": "k"}) as got:
        assert got.status == 200, await got.text()
        await got.read()


async def _main(seeds: int) -> None:
    for kind, level, marks, size in product(KINDS, LEVELS, (True, False), SIZES):
        for seed in range(seeds):
            given = list(turns(seed, size, marks))
            with tempfile.TemporaryDirectory() as folder:
                costs = await replay(
                    Path(folder), given, seed, kind=kind, level=level, strip="true"
                )
            name = f"{kind:20} {level:8} {'marked' if marks else 'plain':6} {size:7} {seed}"
            print(f"{name}: {len(given):3} turns, {_line(costs)}", flush=True)


def _line(costs: Costs) -> str:
    told = 1 - costs.told_cost / costs.told_as_came if costs.told_as_came else 0.0
    dollars = f"${costs.as_came:.4f} to ${costs.as_sent:.4f}"
    return f"{costs.own_calls:2} own calls, {dollars}, {costs.saved:.1%}; told {told:.1%}"


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
