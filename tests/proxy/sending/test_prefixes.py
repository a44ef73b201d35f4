"""A rewrite that costs a session its prompt cache is told of, and stays off for that session."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from msgspec.structs import replace

from proxy.dialects.model import Message, Request, Text, Tool, ToolCall, ToolResult, Usage
from proxy.events import CacheLost, Completed, Event
from proxy.exchange import Exchange
from proxy.record import Fold
from proxy.rewrite import RewriteSettings, rewrite
from proxy.routing.table import Target
from proxy.sending.prefixes import Prefixes
from tests.proxy.rewrite.choice.fourteen import QUESTION, fourteen
from tests.support import messages
from tests.support.messages import Block, call, text
from tests.support.prompt_cache import Body, PromptCache
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Sent, Upstream, as_json

NAMES = [tool.name for tool in fourteen()]
READS = call("call_1", "Read", file_path="README.md")
LOADS = call("call_2", "lynkr_load_tools", names=["WebSearch"])
SEARCHES = call("call_3", "WebSearch", query="how to install it")


@dataclass
class Caching:
    """A provider that caches every prompt by itself, and answers by a script."""

    answers: list[Block]
    offered: list[list[str]] = field(default_factory=list)
    cache: PromptCache = field(default_factory=PromptCache)

    async def __call__(self, request: web.Request, sent: Sent) -> web.StreamResponse:
        body = sent.body
        self.offered.append([tool["name"] for tool in body["tools"]])
        used = self.cache.bill(_marked(body), len(self.offered), 20)
        usage = {
            "input_tokens": used.input,
            "output_tokens": used.output,
            "cache_read_input_tokens": used.cache_read,
            "cache_creation_input_tokens": used.cache_write,
        }
        answer = self.answers.pop(0) if self.answers else text("That is all.")
        return as_json(messages.answer("m", [answer]) | {"usage": usage})


def _marked(body: Body) -> Body:
    *said, last = body["messages"]
    content = last["content"] if isinstance(last["content"], list) else [text(last["content"])]
    marked = [*content[:-1], {**content[-1], "cache_control": {"type": "ephemeral"}}]
    return {**body, "messages": [*said, {**last, "content": marked}]}


def asking(*more: Block) -> Body:
    """The question, then a result for each call in turn."""
    said: list[Body] = [{"role": "user", "content": QUESTION}]
    for one in more:
        given = {"type": "tool_result", "tool_use_id": one["id"], "content": "what it says " * 90}
        said += [{"role": "assistant", "content": [one]}, {"role": "user", "content": [given]}]
    tools = [tool.raw for tool in fourteen(3)]
    return {"model": "m", "max_tokens": 99, "tools": tools, "messages": said}


async def post(client: ClientSession, url: str, body: Body, session: str = "mine") -> None:
    headers = {"x-lynkr-session": session}
    async with client.post(f"{url}/v1/messages", json=body, headers=headers) as got:
        assert got.status == 200


async def test_tools_that_joined_and_cost_the_cache_are_stripped_no_more(tmp_path: Path) -> None:
    provider = Caching([READS, LOADS, SEARCHES])
    async with (
        Upstream(provider) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
        ClientSession() as client,
    ):
        for body in (asking(), asking(READS), *[asking(READS, SEARCHES)] * 2):
            await post(client, server.url, body)
        await post(client, server.url, asking(), session="another")
    first, second, grown, third, fourth, other = provider.offered
    assert first == second == other and len(first) < len(NAMES) and "WebSearch" in grown
    assert third == fourth == NAMES
    (lost,) = heard.of(CacheLost)
    assert isinstance(lost, CacheLost)
    assert lost.techniques == ("tools",) and lost.tokens > 1_000
    assert heard.index(lost) < heard.index(heard.of(Completed)[1]), "while the exchange is open"


async def test_the_exchange_tells_what_it_lost(tmp_path: Path) -> None:
    provider = Caching([READS, LOADS, SEARCHES])
    async with (
        Upstream(provider) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
        ClientSession() as client,
    ):
        for body in (asking(), asking(READS)):
            await post(client, server.url, body)
    (step,) = (step for step in _steps(heard) if "prompt cache were lost" in step)
    assert step.startswith("up/") and step.endswith("rewriting of tools is off for this session")


def _steps(heard: Heard) -> tuple[str, ...]:
    fold = Fold()
    return [row for event in heard if (row := fold(event))][-1].steps


# By hand: what is a rewrite's doing, and what is not

TARGET = Target("up", "m")
BALANCED = RewriteSettings(strip=False, never=frozenset(), level="balanced", fixed_prefix=True)
LOG = "\n".join(f"step {n * n} of the build: compiled unit_{n}.c" for n in range(400))


@dataclass
class Session:
    """One session's turns, each judged as it ends. `safe` says whether originals can be kept."""

    prefixes: Prefixes = field(default_factory=Prefixes)
    told: list[Event] = field(default_factory=list)

    def turn(
        self,
        said: list[Message],
        usage: Usage,
        settings: RewriteSettings = BALANCED,
        safe: bool = True,
        **more: Any,
    ) -> int:
        asked = Request("anthropic", "m", said, {}, tools=[Tool("Bash", "Runs it.")])
        one = Exchange(b"{}", "anthropic", {}, session="mine", request=asked, **more)
        one.settings = self.prefixes.settled("mine", settings)
        one.sent, one.rewrite = rewrite(asked, one.settings, lambda id, text: safe)
        return self.prefixes.judge(one, TARGET, usage, self.told.append)


def talk(result: str = LOG, rounds: int = 1) -> list[Message]:
    said = [Message("user", [Text("Run the build")])]
    for n in range(rounds):
        made = ToolCall(f"call_{n}", "Bash", '{"command":"make"}')
        given = ToolResult(made.id, [Text(f"{result}\nround {n}")])
        said += [Message("assistant", [made]), Message("user", [given])]
    return said


WROTE = Usage(input=0, output=9, cache_read=0, cache_write=5_000)
READ = Usage(input=9, output=9, cache_read=5_000, cache_write=900)
LOST = Usage(input=9, output=9, cache_read=0, cache_write=5_900)


def test_a_result_that_reads_otherwise_in_the_next_turn_is_told_by_its_technique() -> None:
    session = Session()
    assert session.turn(talk(), WROTE) == 0
    assert session.turn(talk(rounds=2), LOST, safe=False) == 5_000
    (lost,) = session.told
    assert isinstance(lost, CacheLost) and "log" in lost.techniques
    assert session.prefixes.settled("mine", BALANCED).level in ("lossless", "off")
    assert session.prefixes.settled("another", BALANCED) == BALANCED


def test_once_it_is_off_it_is_told_no_more() -> None:
    session = Session()
    session.turn(talk(), WROTE)
    session.turn(talk(rounds=2), LOST, safe=False)
    session.turn(talk(rounds=3), LOST)
    session.turn(talk(rounds=4), READ)
    assert len(session.told) == 1


@pytest.mark.parametrize(
    ("change", "usage"),
    [
        ({}, LOST),  # the same bytes: the provider forgot by itself
        ({"safe": False}, READ),  # other bytes, and nothing was lost
        ({"safe": False}, replace(LOST, cache_read=4_900)),  # no more than a block's size
        ({"safe": False}, Usage(input=5_900, output=9)),  # it does not say what it read
        ({"safe": False, "began": 4e9}, LOST),  # long after
        ({"settings": replace(BALANCED, level="lossless")}, LOST),  # the user's own wish
    ],
    ids=["forgot", "read", "little", "untold", "late", "wish"],
)
def test_nobody_is_blamed_for_what_no_rewrite_did(change: dict[str, Any], usage: Usage) -> None:
    session = Session()
    session.turn(talk(), WROTE)
    assert session.turn(talk(rounds=2), usage, **change) == 0
    assert session.told == [] and session.prefixes.settled("mine", BALANCED) == BALANCED


def test_a_client_that_changed_what_it_said_lost_its_cache_itself() -> None:
    session = Session()
    session.turn(talk(), WROTE)
    assert session.turn(talk(LOG + "!", rounds=2), LOST, safe=False) == 0
