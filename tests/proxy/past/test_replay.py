"""A person sends an exchange once more on another tier: the answers beside each other, all else as
it was."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from classifier.tiers import Tier
from proxy.dialects.assemble import as_stream
from proxy.dialects.model import Answer, Text, ToolCall, Usage
from proxy.dialects.table import DIALECTS
from proxy.errors import ProxyError
from proxy.events import ApprovalAsked, CacheHit, Completed, Failed
from proxy.past.recent import MOST, Texts
from proxy.past.replay import Replays, said
from proxy.record import Fold, Record
from proxy.server import Server
from tests.proxy.ledgers import ask, wait_for
from tests.support import messages
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Sent, Upstream

PRICES = '[prices."up/*"]\ninput = 10.0\noutput = 100.0\ncache_read = 1.0\ncache_write = 12.0\n'
SECRET = "the zebra sleeps at noon"
READ = {"name": "Read", "input_schema": {"type": "object", "properties": {}}}


async def names_itself(request: web.Request, sent: Sent) -> web.StreamResponse:
    """An upstream that says which model was asked, and calls a tool where one is offered."""
    blocks = [messages.text(f"I am {sent.body['model']}")]
    if sent.body.get("tools"):
        blocks.append(messages.call("toolu_1", "Read", path="a.py"))
    return await messages.reply(request, sent, blocks)


def replays_of(server: Server) -> Replays:
    """As a dashboard has them: from now on, texts are held."""
    server.house.recent.want()
    return Replays(server.house)


def body(*said: str, **more: Any) -> dict[str, Any]:
    roles = ("user", "assistant")
    turns = [{"role": roles[at % 2], "content": text} for at, text in enumerate(said)]
    return {"model": "m", "max_tokens": 99, "messages": turns} | more


async def post(server: Server, asked: dict[str, Any], **headers: str) -> str:
    """Send a request, read its answer whole; its id."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{server.url}/v1/messages", json=asked, headers=named) as got,
    ):
        await got.read()
        return got.headers["x-lynkr-request-id"]


def folder(parent: Path, name: object) -> Path:
    made = parent / str(name)
    made.mkdir()
    return made


def rows_in(ledger: Path, table: str) -> int:
    try:
        return len(ask(ledger, f"SELECT 1 FROM {table}")) if ledger.exists() else 0
    except sqlite3.OperationalError:
        return 0  # it is being made


def row_of(heard: Heard, id: str) -> Record:
    fold, found = Fold(), None
    for event in heard:
        if event.id == id:
            found = fold(event)
    assert found is not None
    return found


async def ended(heard: Heard, id: str) -> Record:
    while not any(event.id == id for event in (*heard.of(Completed), *heard.of(Failed))):
        await asyncio.sleep(0.01)
    return row_of(heard, id)


async def replayed(replays: Replays, heard: Heard, id: str, tier: Tier) -> tuple[Record, Answer]:
    texts = await replays.texts(id)
    assert texts is not None
    sent = replays.begin(row_of(heard, id), texts, tier)
    return await ended(heard, sent.id), await said(sent.texts)


@pytest.mark.parametrize("stream", [False, True])
async def test_it_reaches_the_other_model_and_both_answers_are_there(tmp_path: Path, stream: bool):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body("hello", tools=[READ], stream=stream))
        row, answer = await replayed(replays, heard, id, Tier.REASONING)
        assert [one.body["model"] for one in upstream.sent] == ["small", "deep"]
        first, second = (one.body | {"model": ""} for one in upstream.sent)
        assert first == second, "the same request"
        assert (row.tier, row.reason, row.request_class) == ("REASONING", "replay", "replay")
        assert row.session == row_of(heard, id).session and row.client == row_of(heard, id).client
        assert any(id[:8] in step and "REASONING" in step for step in row.steps)
        original = await said((await replays.texts(id)) or Texts("anthropic", b""))
        assert isinstance(original.blocks[0], Text) and original.blocks[0].text == "I am small"
        assert isinstance(answer.blocks[0], Text) and answer.blocks[0].text == "I am deep"
        assert isinstance(answer.blocks[1], ToolCall) and answer.blocks[1].name == "Read"
        await asyncio.sleep(0)
        assert len(upstream.sent) == 2, "nobody carried the call out, nothing came of it"


async def test_its_session_goes_on_as_if_nothing_had_been(tmp_path: Path):
    hard = "Design a lock-free queue and prove that it is linearizable, step by step."
    talk = (hard, "done", "yes", "done", "and now the tests")
    more = f"[[budgets]]\nper = 'day'\ntokens = 9_000_000\n{PRICES}"
    decisions = []
    for replay in (False, True):
        async with (
            Upstream(names_itself) as upstream,
            proxy(folder(tmp_path, replay), config_for(upstream.url, more=more)) as (server, heard),
        ):
            replays = replays_of(server)
            headers = {"x_lynkr_session": "one", "x_lynkr_cache": "off"}
            ids = []
            for turns in (1, 3, 5):
                ids.append(await post(server, body(*talk[:turns], tools=[READ]), **headers))
                if replay:
                    for tier in (Tier.SIMPLE, Tier.REASONING):
                        await replayed(replays, heard, ids[-1], tier)
            rows = [row_of(heard, id) for id in ids]
            decisions.append([(row.tier, row.reason, row.steps) for row in rows])
            assert server.house.routing.table.overrides == {}
    assert decisions[0] == decisions[1]


async def test_it_goes_where_the_person_says_whatever_holds_its_session(tmp_path: Path):
    more = f"[approval]\ndollars = 0.000001\n{PRICES}"
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=more)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body("hello"), x_lynkr_session="one", x_lynkr_tier="MEDIUM")
        table = server.house.routing.table
        server.house.routing.replace(table.with_override("one", Tier.REASONING))
        server.house.approvals.switch(True)
        row, _ = await replayed(replays, heard, id, Tier.COMPLEX)
        assert (row.tier, upstream.sent[-1].body["model"]) == ("COMPLEX", "large")
        assert not heard.of(ApprovalAsked), "the person has just said so"


async def test_a_cache_neither_answers_it_nor_keeps_its_answer(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        replays, question = replays_of(server), body("what is a mutex?", temperature=0)
        id = await post(server, question)
        row, _ = await replayed(replays, heard, id, Tier.SIMPLE)
        assert len(upstream.sent) == 2 and row.cache == "skip"
        _, answer = await replayed(replays, heard, id, Tier.COMPLEX)
        again = await post(server, question)
        assert [event.id for event in heard.of(CacheHit)] == [again]
        texts = await replays.texts(again)
        assert texts is not None and (await said(texts)).blocks == [Text("I am small")]
        assert answer.blocks == [Text("I am large")]


async def test_what_it_cost_was_spent_and_nothing_was_saved(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=PRICES)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body("hello", model="up/deep", tools=[READ], stream=True))
        row, _ = await replayed(replays, heard, id, Tier.SIMPLE)
        assert row.cost and row.money_saved == 0 and row.money_by_rewriting is None
        path = server.house.ledger_path
        wait_for(lambda: rows_in(path, "exchanges") == 2)
        marked = ask(
            path,
            "SELECT request_class, reason, saved_tokens, cost FROM exchanges WHERE id = ?",
            row.id,
        )
        assert marked == [("replay", "replay", 0, row.cost)]
        original = row_of(heard, id)
        sums = ask(path, "SELECT sum(cost), sum(money_saved), sum(tokens_before) FROM daily")
        assert sums[0][0] == pytest.approx((original.cost or 0) + row.cost)
        assert sums[0][1] == pytest.approx(original.money_saved)
        assert sums[0][2] == original.before.total


async def test_no_word_of_it_comes_on_disk_unless_texts_are_kept(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body(SECRET, tools=[READ]))
        row, _ = await replayed(replays, heard, id, Tier.COMPLEX)
        path = server.house.ledger_path
        wait_for(lambda: rows_in(path, "exchanges") == 2)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name == "ledger.db" for file in files)
    for word in (SECRET, "I am small", "I am large"):
        assert not [file.name for file in files if word.encode() in file.read_bytes()]


async def test_kept_texts_serve_where_memory_holds_them_no_more(tmp_path: Path):
    more = "[ledger]\nkeep_text = true\n[replay]\nmegabytes = 0\n"
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=more)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body(SECRET, stream=True), x_lynkr_session="one")
        assert server.house.recent.find(id) is None
        path = server.house.ledger_path
        wait_for(lambda: rows_in(path, "texts") == rows_in(path, "exchanges") == 1)
        texts = await replays.texts(id)
        assert texts is not None and (await said(texts)).blocks == [Text("I am small")]
        row, answer = await replayed(replays, heard, id, Tier.MEDIUM)
        assert (row.session, answer.blocks) == ("one", [Text("I am middle")])


async def test_nothing_is_held_while_nobody_watches(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        id = await post(server, body("hello"))
        assert server.house.recent.size == 0
        assert await Replays(server.house).texts(id) is None


OWN_AND_CALLERS = """
[providers.own]
kind = "anthropic_compatible"
base_url = "{0}"
key_env = "OWN_KEY"
[providers.callers]
kind = "anthropic_compatible"
base_url = "{1}"
key = "client"
[tiers]
SIMPLE = "callers/small"
MEDIUM = "own/middle"
COMPLEX = "callers/large"
REASONING = "own/deep"
[cache]
semantic = false
"""


async def test_each_provider_gets_its_own_credential_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OWN_KEY", "own-key")
    async with (
        Upstream(names_itself) as own,
        Upstream(names_itself) as callers,
        proxy(tmp_path, OWN_AND_CALLERS.format(own.url, callers.url)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body("hello"), x_api_key="callers-key")
        await replayed(replays, heard, id, Tier.REASONING)
        await replayed(replays, heard, id, Tier.COMPLEX)
    [to_own] = own.sent
    assert "own-key" in to_own.headers.values()
    assert not any("callers-key" in value for value in to_own.headers.values())
    assert len(callers.sent) == 2
    for one in callers.sent:
        assert "callers-key" in one.headers.values() and "own-key" not in str(one.headers)


async def test_without_the_callers_key_its_provider_is_not_offered(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, OWN_AND_CALLERS.format(upstream.url, upstream.url)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body("hello"), x_api_key="callers-key")
        held = server.house.recent.find(id)
        assert held is not None
        texts = Texts("anthropic", held.request)  # as the ledger has it
        offers = {one.tier: one for one in await replays.offers(row_of(heard, id), texts)}
        assert "not held any more" in offers[Tier.SIMPLE].why
        assert offers[Tier.MEDIUM].why == ""


async def test_no_credential_is_held_where_no_provider_would_be_given_it(tmp_path: Path):
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url)) as (server, _),
    ):
        server.house.recent.want()
        id = await post(server, body("hello"), x_api_key="callers-key")
        held = server.house.recent.find(id)
        assert held is not None and "callers-key" not in held.headers.values()


async def test_an_offer_tells_what_it_is_likely_to_cost(tmp_path: Path):
    prices = PRICES.replace("up/*", "up/large")
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=prices)) as (server, heard),
    ):
        replays = replays_of(server)
        id = await post(server, body("hello"))
        row, texts = row_of(heard, id), await replays.texts(id)
        assert texts is not None
        offers = await replays.offers(row, texts)
        assert [one.target.model for one in offers] == ["small", "middle", "large", "deep"]
        told = {one.tier.name: one.dollars for one in offers}
        assert told["SIMPLE"] is None, "no price is made up"
        assert told["COMPLEX"] == pytest.approx(25 * 100 / 1e6, rel=0.2), "it answered 25 tokens"


async def test_a_budget_that_holds_refuses_it_and_one_that_goes_cheaper_does_not(tmp_path: Path):
    for then, status in (("hold", 402), ("cheaper", 200)):
        more = f"[[budgets]]\nper = 'day'\ntokens = 100\nthen = '{then}'\n"
        async with (
            Upstream(names_itself) as upstream,
            proxy(folder(tmp_path, then), config_for(upstream.url, more=more)) as (server, heard),
        ):
            replays = replays_of(server)
            id = await post(server, body("hello"))
            texts = await replays.texts(id)
            assert texts is not None
            sent = replays.begin(row_of(heard, id), texts, Tier.COMPLEX)
            row = await ended(heard, sent.id)
            assert row.status == status
            if status == 402:
                with pytest.raises(ProxyError, match="the budget of 100 tokens a day is reached"):
                    await said(sent.texts)
            else:
                assert row.tier == "COMPLEX"


async def test_only_the_newest_are_held_and_no_more_than_the_config_allows(tmp_path: Path):
    more = "[replay]\nmegabytes = 1\n"
    async with (
        Upstream(names_itself) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=more)) as (server, _),
    ):
        server.house.recent.want()
        recent = server.house.recent
        ids = [await post(server, body(f"hello {n}"), x_lynkr_cache="off") for n in range(MOST + 3)]
        assert [id for id in ids if recent.find(id)] == ids[3:]
        big = [await post(server, body("x" * 300_000), x_lynkr_cache="off") for _ in range(5)]
        assert [id for id in big if recent.find(id)] == big[2:]
        assert 900_000 < recent.size < 2**20
        held = [recent.find(id) for id in big[2:]]
        assert recent.size == sum(one.size for one in held if one)
        huge = await post(server, body("x" * 2**20), x_lynkr_cache="off")
        assert recent.find(huge) is None and recent.find(big[-1]) is not None


@pytest.mark.parametrize("name", DIALECTS)
async def test_an_answer_is_read_in_every_dialect_plain_and_streamed(name: str):
    dialect = DIALECTS[name]
    given = Answer(
        "id", "m", [Text("said"), ToolCall("c1", "Read", '{"path":"a"}')], "tool_use", Usage(1, 2)
    )
    plain = orjson.dumps(dialect.write_answer(given, "m"))
    writer = dialect.writer("m")
    streamed = b"".join(map(writer.write, as_stream(given)))
    for raw in (plain, streamed):
        answer = await said(Texts(name, b"", bytearray(raw)))
        assert [type(block).__name__ for block in answer.blocks] == ["Text", "ToolCall"]
        call = answer.blocks[1]
        assert isinstance(call, ToolCall) and orjson.loads(call.arguments) == {"path": "a"}
    for raw, words in (
        (orjson.dumps(dialect.error_body(529, "overloaded")), "overloaded"),
        (streamed[: len(streamed) // 2], "."),
        (b"", "not kept"),
        (b"\xff\x00 no answer", "."),
    ):
        with pytest.raises(ProxyError, match=words):
            await said(Texts(name, b"", bytearray(raw)))
