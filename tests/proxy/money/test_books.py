"""The books close whatever happens to a count or a price, and they say what was really saved."""

import asyncio
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from aiohttp import TraceConfig, web

from app.house import house_of
from classifier.tiers import Tier
from proxy.config.edit import ConfigFile
from proxy.dialects.model import Message, Request, Text, Usage
from proxy.events import Completed
from proxy.exchange import Counts, Decision, Exchange, Rewrite, Tokens
from proxy.money import books as books_module
from proxy.money import prices as prices_module
from proxy.money.books import Books
from proxy.money.prices import Prices
from proxy.paths import DataFiles
from proxy.providers.http import HttpProvider
from proxy.routing.table import Target
from proxy.tokens.counts import quick_counts
from proxy.tokens.sections import count_request
from tests.proxy.test_server import QUESTION, post
from tests.support import messages
from tests.support.proxy import Heard, proxy
from tests.support.upstream import Sent, Upstream, as_json

# Dollars per million tokens, as their maker sells them: input, output, cache read, cache write.
HAIKU = (1.0, 5.0, 0.10, 1.25)
OPUS = (5.0, 25.0, 0.50, 6.25)
BILLED = Usage(input=1_000, output=100, cache_read=600, cache_write=200)

CONFIG = """
[providers.up]
kind = "anthropic"
base_url = "{url}"
[providers.here]
kind = "openai_compatible"
base_url = "{url}"
[tiers]
SIMPLE = "{simple}"
MEDIUM = "up/claude-sonnet-4-5"
COMPLEX = "up/claude-sonnet-4-5"
REASONING = "up/claude-opus-4-5"
{more}
"""


def config(url: str = "http://127.0.0.1:9", simple: str = "up/claude-haiku-4-5", more: str = ""):
    return CONFIG.format(url=url, simple=simple, more=more)


def by_hand(rates: tuple[float, ...], usage: Usage) -> float:
    tokens = (usage.input, usage.output, usage.cache_read, usage.cache_write)
    return sum(rate * (count or 0) for rate, count in zip(rates, tokens, strict=True)) / 1e6


@pytest.fixture
def told(tmp_path: Path):
    """Books of a house that listens to nothing, and what they tell."""
    (tmp_path / "config.toml").write_text(config())
    nothing_is_sent: Any = None
    house = house_of(ConfigFile(tmp_path / "config.toml"), DataFiles(tmp_path), nothing_is_sent)
    heard = Heard()
    house.bus.subscribe(heard.append)
    yield house, Books(house), heard
    house.counter.close()


def exchange(asked: str = "claude-opus-4-5", usage: Usage = BILLED) -> Exchange:
    made = Exchange(b"x" * 3_600, "anthropic", {}, usage=usage, status=200)
    made.request = Request("anthropic", asked, [], {})
    made.decision = Decision(Tier.SIMPLE, "score", Target("up", "claude-haiku-4-5"))
    return made


async def completed(books: Books, heard: Heard, one: Exchange) -> Completed:
    await books.settle(one)
    event = heard[-1]
    assert isinstance(event, Completed)
    return event


def _cancelled() -> "Future[Any]":
    future: Future[Any] = Future()
    future.cancel()
    return future


def _failed() -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_exception(MemoryError("too much"))
    return future


@pytest.mark.parametrize("counting", [_cancelled, _failed, Future, lambda: None])
async def test_without_a_count_the_books_close_on_an_estimate(told, counting):
    _, books, heard = told
    one = exchange()
    one.counting, one.rewrite = counting(), Rewrite(saved=300)
    event = await completed(books, heard, one)
    assert (event.before, event.after) == (Tokens(messages=1_000), Tokens(messages=700))
    assert event.usage == BILLED


async def test_a_count_called_off_while_it_is_waited_for_closes_the_books(told):
    house, books, heard = told
    one, begun, go_on = exchange(), threading.Event(), threading.Event()

    def occupy() -> bool:
        begun.set()
        return go_on.wait(5)

    house.counter.begin(occupy)
    one.counting = house.counter.begin(lambda: Counts(Tokens(1), Tokens(1)))
    await asyncio.to_thread(begun.wait, 5)
    asyncio.get_running_loop().call_later(0.01, house.counter.close)
    event = await completed(books, heard, one)
    go_on.set()
    assert event.before == Tokens(messages=1_000)


async def test_a_closed_counter_fails_no_exchange(told):
    house, books, heard = told
    house.counter.close()
    one = exchange()
    one.request = Request("anthropic", "m", [], {}, system=[messages.text("no block")])  # type: ignore[list-item]
    books.open(one)
    assert (await completed(books, heard, one)).before.total == 1_000


async def test_a_count_that_fails_is_the_clients_business_in_no_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fails(asked: Request, sent: Request) -> Counts:
        raise RecursionError("nested too deep")

    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config(upstream.url)) as (server, heard),
    ):
        for name in ("counts", "quick_counts"):
            monkeypatch.setattr(books_module, name, fails)
        status, _, body = await post(f"{server.url}/v1/messages", QUESTION)
        assert status == 200 and b"Hello from upstream" in body
        done = heard[-1]
        assert isinstance(done, Completed) and done.before.total > 0


async def test_what_goes_upstream_is_counted_once_it_is_written_while_the_upstream_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    counted, order, trace = asyncio.Event(), list[str](), TraceConfig()

    def count(asked: Request, sent: Request) -> Counts | None:
        order.append("counted")
        counted.set()
        return quick_counts(asked, sent)

    @trace.on_request_chunk_sent.append
    async def written(*_: object) -> None:
        order.append("written")

    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        await asyncio.wait_for(counted.wait(), 5)
        counted.clear()
        return await messages.says_hello(request, sent)

    trace.freeze()
    monkeypatch.setattr(books_module, "quick_counts", count)
    async with (
        Upstream(answer) as upstream,
        proxy(tmp_path, config(upstream.url)) as (server, _),
    ):
        provider = server.house.providers.get("up")
        assert isinstance(provider, HttpProvider)
        provider._session.trace_configs.append(trace)
        for number in range(3):
            asked = {**QUESTION, "max_tokens": 100 + number}
            assert (await post(f"{server.url}/v1/messages", asked))[0] == 200
    assert order[2:] == ["written", "counted"] * 2, "the first waits for its connection meanwhile"


async def test_of_several_calls_the_last_one_is_counted(told):
    _, books, _ = told
    one = exchange()
    for words in ("a few words", "many more words than the first call had to say"):
        one.sent = Request("anthropic", "m", [Message("user", [Text(words)])], {})
        books.going(one)
        assert one.counted is None
        for _ in range(2):
            await asyncio.sleep(0)
        assert one.counted is not None
        assert one.counted.after == count_request(one.sent)


@pytest.mark.parametrize("gone", [True, False])
async def test_no_price_is_no_reason_to_fail(told, monkeypatch: pytest.MonkeyPatch, gone: bool):
    house, books, heard = told
    one = exchange()
    if gone:  # the config was edited while the answer was under way
        one.decision = Decision(Tier.SIMPLE, "score", Target("gone", "claude-haiku-4-5"))
    else:
        monkeypatch.setattr(prices_module, "_find", lambda kind, model: 1 / 0)
    event = await completed(books, heard, one)
    assert (event.cost, event.cost_asked) == (None, None)


async def test_looking_for_a_price_leaves_the_loop_free(told, monkeypatch: pytest.MonkeyPatch):
    def slow(kind: str, model: str) -> None:
        threading.Event().wait(1)

    house, books, heard = told
    known = "anthropic", "claude-sonnet-4-5", BILLED
    house.prices.cost(*known)
    monkeypatch.setattr(prices_module, "_find", slow)
    closing = house.tasks.spawn(books.settle(exchange()), "books")
    longest, last = 0.0, time.perf_counter()
    while not closing.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
        house.prices.cost(*known)  # others are not held up either
    assert longest < 0.5
    assert isinstance(heard[-1], Completed)


def test_a_price_that_was_found_once_is_at_hand():
    prices = Prices({"mine": {"input": 1.0, "output": 1.0}})
    assert not prices.at_hand("anthropic", "claude-haiku-4-5")
    prices.cost("anthropic", "claude-haiku-4-5", BILLED)
    assert prices.at_hand("anthropic", "claude-haiku-4-5")
    assert prices.at_hand("ollama", "any") and prices.at_hand("anthropic", "mine")


async def test_savings_are_the_same_tokens_at_both_prices_with_cache_prices_on_both_sides(told):
    _, books, heard = told
    event = await completed(books, heard, exchange())
    assert event.cost == pytest.approx(by_hand(HAIKU, BILLED))
    assert event.cost == pytest.approx(0.00181)
    assert event.cost_asked == pytest.approx(by_hand(OPUS, BILLED))
    assert event.cost_asked == pytest.approx(0.00905)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("up/claude-opus-4-5", by_hand(OPUS, BILLED)),
        ("up/claude-haiku-4-5", by_hand(HAIKU, BILLED)),
        ("claude-opus-4-5[1m]", by_hand(OPUS, BILLED)),
        ("here/claude-opus-4-5", None),
        ("elsewhere/claude-opus-4-5", None),
        ("lynkr/complex", None),
        ("claude-of-tomorrow", None),
        ("", None),
    ],
)
async def test_what_was_asked_for_has_a_price_only_where_one_is_known(told, asked, expected):
    _, books, heard = told
    event = await completed(books, heard, exchange(asked))
    assert event.cost_asked == pytest.approx(expected)
    assert event.cost == pytest.approx(by_hand(HAIKU, BILLED))


async def test_rewriting_saves_what_it_left_out_at_the_price_of_its_place(told):
    _, books, heard = told
    one = exchange()
    one.counted = Counts(Tokens(0, 700, 1_400), Tokens(0, 500, 1_300), ((250, 200), (1_700, 100)))
    event = await completed(books, heard, one)
    came = Usage(input=1_100, output=100, cache_read=800, cache_write=200)
    assert event.cost_as_came == pytest.approx(by_hand(HAIKU, came))
    assert event.cost == pytest.approx(by_hand(HAIKU, BILLED))


@pytest.mark.parametrize(
    "change",
    [
        {"usage": Usage()},
        {"spared": BILLED, "usage": Usage(0, 0)},
        {"counted": None},
        {"hops": ((Target("up", "claude-haiku-4-5"), BILLED), (Target("up", "other"), BILLED))},
        {"decision": Decision(Tier.SIMPLE, "score", Target("here", "someones-own"))},
    ],
    ids=["not billed", "from the cache", "not counted", "by two models", "no price"],
)
async def test_what_rewriting_saved_is_not_known_everywhere(told, change: dict[str, Any]):
    _, books, heard = told
    one = exchange()
    one.counted = Counts(Tokens(messages=20), Tokens(messages=10), ((5, 10),))
    for name, value in change.items():
        setattr(one, name, value)
    assert (await completed(books, heard, one)).cost_as_came is None


async def test_a_second_call_that_a_rewrite_needed_is_paid_out_of_what_it_saved(told):
    _, books, heard = told
    one = exchange()
    first, second = Usage(1_000, 20, 0, 0), Usage(1_100, 100, 0, 0)
    target = Target("up", "claude-haiku-4-5")
    one.hops = ((target, first), (target, second))
    one.counted = Counts(Tokens(messages=1_300), Tokens(messages=1_000), ((500, 300),))
    event = await completed(books, heard, one)
    assert event.cost == pytest.approx(by_hand(HAIKU, first) + by_hand(HAIKU, second))
    assert event.cost_as_came == pytest.approx(by_hand(HAIKU, Usage(1_300, 100, 0, 0)))


async def test_a_bill_that_never_came_is_no_zero(told):
    _, books, heard = told
    event = await completed(books, heard, exchange(usage=Usage()))
    assert (event.cost, event.cost_asked) == (None, None)


async def test_a_cached_answer_costs_nothing_and_saves_what_it_cost_before(told):
    _, books, heard = told
    one = exchange(usage=Usage(0, 0, 0, 0, 0))
    one.spared = BILLED
    event = await completed(books, heard, one)
    again = Usage(input=1_000, output=100, cache_read=800, cache_write=0)
    assert event.cost == 0
    assert event.cost_asked == pytest.approx(by_hand(OPUS, again))
    assert event.usage == Usage(0, 0, 0, 0, 0)


@pytest.mark.parametrize("simple", ["up/claude-haiku-4-5", "here/someones-own"])
async def test_a_hit_is_told_with_its_saving_where_the_prices_are_known(tmp_path: Path, simple):
    async def answer(request, sent):
        return as_json(messages.answer("m", [messages.text("Rayleigh scattering.")]))

    async def chats(request, sent):
        from tests.support import chat

        return await chat.reply(request, sent, [messages.text("Rayleigh scattering.")])

    at_home = simple.startswith("up/")
    async with (
        Upstream(answer if at_home else chats) as upstream,
        proxy(tmp_path, config(upstream.url, simple)) as (server, heard),
    ):
        question = {**QUESTION, "model": "claude-opus-4-5"}
        for _ in range(2):
            await post(f"{server.url}/v1/messages", question)
        first, hit = heard.of(Completed)
        assert isinstance(first, Completed) and isinstance(hit, Completed)
        assert len(upstream.sent) == 1
        billed = Usage(input=120, output=25, cache_read=80, cache_write=0)
        assert first.cost_asked == hit.cost_asked == pytest.approx(by_hand(OPUS, billed))
        assert hit.cost == (0 if at_home else None)
        assert first.cost == (pytest.approx(by_hand(HAIKU, billed)) if at_home else None)
        assert (hit.usage.input, hit.usage.output) == (0, 0)
