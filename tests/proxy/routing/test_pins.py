"""One decision a conversation: raised when the task outgrows it, lowered only when that pays."""

from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.tiers import Tier
from proxy.clients.reading import read
from proxy.dialects.table import DIALECTS
from proxy.money.prices import Prices
from proxy.routing.asking import view_of
from proxy.routing.economy import ROUNDS, Economy, Load
from proxy.routing.route import decide, judge, pinned, to_judge
from proxy.routing.table import Table, Target
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream

HARD = "Prove that the scheduler never deadlocks, for every interleaving of its workers"
EASY = "What does the README say about installation?"
DEAR = {"input": 3.0, "output": 15.0, "cache_read": 0.3, "cache_write": 3.75}
CHEAP = {"input": 0.1, "output": 0.4, "cache_read": 0.01, "cache_write": 0.125}


class Kinds:
    """Every provider is of one kind."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def kind_of(self, name: str) -> str:
        return self._kind


def economy(kind: str = "openai_compatible", **prices: dict[str, float]) -> Economy:
    return Economy(Prices(prices), Kinds(kind))


PRICED = economy(simple=CHEAP, medium=CHEAP, complex=DEAR, reasoning=DEAR)
UNPRICED = economy()


def table() -> Table:
    return Table({tier: Target("up", tier.name.lower()) for tier in Tier})


def request(*turns: str, answer: str = "Done.", tools: bool = False):
    """What a person said, turn by turn, an answer after each but the last."""
    said: list[Any] = []
    for words in turns:
        said += [{"role": "user", "content": words}, {"role": "assistant", "content": answer}]
    offered = [{"name": "Edit", "input_schema": {"type": "object"}}] if tools else []
    body = {"model": "m", "max_tokens": 9, "messages": said[:-1], "tools": offered}
    return read(orjson.dumps(body), DIALECTS["anthropic"])


def tiers(*turns: str, by: Economy = PRICED, answer: str = "Done.") -> list[str]:
    """The tier of each turn, each decided as a process that knows nothing of the others would."""
    found = []
    for upto in range(1, len(turns) + 1):
        asked, fresh = request(*turns[:upto], answer=answer), table()
        pin = pinned(view_of(asked), fresh, by)
        decision = decide(asked, judge(view_of(asked), fresh), fresh, "s", "", pin=pin)
        found.append(decision.tier.name)
    return found


def test_a_harder_turn_raises_it():
    assert tiers(EASY, HARD) == ["SIMPLE", "REASONING"]


def test_a_go_ahead_keeps_it_whatever_it_costs():
    for words in ("yes", "ok, do it", "continue", "go ahead please", "2", "no"):
        assert tiers(HARD, words) == ["REASONING", "REASONING"], words
    assert tiers(EASY, "yes") == ["SIMPLE", "SIMPLE"]


def test_small_talk_goes_down_for_once_where_that_pays():
    assert tiers(HARD, "thanks!", "yes") == ["REASONING", "SIMPLE", "REASONING"]


def test_it_is_lowered_for_good_where_that_pays():
    assert tiers(HARD, EASY, "yes") == ["REASONING", "SIMPLE", "SIMPLE"]


def test_a_long_conversation_stays_where_its_cache_is_warm():
    long = HARD + "\n" + "word " * 40_000
    assert tiers(long, EASY) == ["REASONING", "REASONING"]
    step = pinned(view_of(request(long, EASY)), table(), PRICED).step
    assert "stays on REASONING" in step and "$" in step and "warm on up/reasoning" in step


def test_an_unknown_price_lowers_nothing_and_says_so():
    assert tiers(HARD, EASY, by=UNPRICED) == ["REASONING", "REASONING"]
    step = pinned(view_of(request(HARD, EASY)), table(), UNPRICED).step
    assert "the price of up/reasoning is not known" in step


def test_the_same_model_below_is_no_reason_to_move():
    one = Table(dict.fromkeys(Tier, Target("up", "only")))
    assert pinned(view_of(request(HARD, EASY)), one, PRICED).given == Tier.REASONING


loads = st.builds(Load, st.integers(0, 10**6), st.integers(0, 10**5), st.integers(0, 10**4))
rates = st.floats(0.01, 100)


@given(loads, rates, rates, rates, rates)
def test_it_never_moves_at_a_loss(load, dear, write, cheap, out):
    held = {"input": dear, "output": out, "cache_read": dear / 10, "cache_write": write}
    low = {"input": cheap, "output": out, "cache_read": cheap / 10, "cache_write": cheap * 1.25}
    worth = economy(a=held, b=low).for_a_while(Target("up", "a"), Target("up", "b"), load)
    spent = load.new * dear + load.answer * out
    stay = ROUNDS * (load.before * dear / 10 + spent)
    fixed = load.new * cheap + load.answer * out
    move = load.before * cheap * 1.25 + fixed + (ROUNDS - 1) * (load.before * cheap / 10 + fixed)
    back = load.before * (write - dear / 10)
    assert worth.stay is not None and worth.move is not None
    assert worth.stay == pytest.approx(stay / 1e6)
    assert worth.move == pytest.approx((move + back) / 1e6)
    assert worth.pays == (worth.move < worth.stay)


words = st.sampled_from([HARD, EASY, "thanks!", "yes", "Fix src/app.py", "hi", "continue"])


@settings(max_examples=40, deadline=None)
@given(st.lists(words, min_size=1, max_size=8))
def test_a_process_that_remembers_and_one_that_does_not_agree(turns: list[str]):
    remembering = table()
    for upto in range(1, len(turns) + 1):
        asked = request(*turns[:upto])
        known = pinned(view_of(asked), remembering, PRICED)
        assert known == pinned(view_of(asked), table(), PRICED)


def test_a_long_session_judges_only_what_is_new():
    kept, judged = table(), 0
    turns = [f"Rename variable {n} in src/app.py" for n in range(60)]
    pinned(view_of(request(*turns)), kept, PRICED)
    before = len(kept.verdicts)
    pinned(view_of(request(*turns, EASY)), kept, PRICED)
    judged = len(kept.verdicts) - before
    assert judged == 1


async def test_live_sessions_and_a_sub_agent_do_not_disturb_each_other(tmp_path: Path):
    prices = "".join(
        f'[prices."up/{name}"]\ninput = {p["input"]}\noutput = {p["output"]}\n'
        for name, p in {"small": CHEAP, "middle": CHEAP, "large": DEAR, "deep": DEAR}.items()
    )
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=prices)) as (server, heard),
        aiohttp.ClientSession() as session,
    ):

        async def ask(id: str, *turns: str, **headers: str) -> tuple[str, str]:
            body = request(*turns).body
            names = {"x-claude-code-session-id": id, **headers}
            async with session.post(f"{server.url}/v1/messages", json=body, headers=names) as got:
                assert got.status == 200
                return got.headers["x-lynkr-tier"], got.headers["x-lynkr-reason"]

        assert await ask("a", HARD) == ("REASONING", "force:proof")
        assert (await ask("b", EASY))[0] == "SIMPLE"
        agent = {"x-claude-code-agent-id": "agent1"}
        assert (await ask("a", EASY, **agent))[0] == "SIMPLE"
        assert await ask("a", HARD, "yes") == ("REASONING", "pinned")
        assert (await ask("b", EASY, "yes"))[0] == "SIMPLE"
        title = {"system": "Generate a short title for this session."}
        body = request(HARD).body | title
        async with session.post(f"{server.url}/v1/messages", json=body) as got:
            assert got.headers["x-lynkr-tier"] == "SIMPLE"
            assert got.headers["x-lynkr-reason"] == "force:title"


DEAREST, CHEAPEST = "claude-opus-4-1", "claude-haiku-4-5"


async def test_a_move_is_weighed_at_the_tables_prices_before_any_model_has_answered(
    tmp_path: Path,
):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, _real(upstream.url)) as (server, _),
        aiohttp.ClientSession() as session,
    ):
        server.house.wake()
        await server.house.counter.run(lambda: None)  # once what loads in the background is there

        async def step(*turns: str) -> tuple[str, str]:
            body = request(*turns).body
            async with session.post(f"{server.url}/lynkr/explain", json=body) as got:
                decision = (await got.json())["decision"]
                return decision["tier"], " ".join(decision["steps"])

        tier, steps = await step(HARD + "\n" + "word " * 40_000, EASY)
        assert tier == "REASONING" and f"warm on up/{DEAREST}" in steps and "$" in steps
        tier, steps = await step(HARD, EASY)
        assert tier == "SIMPLE" and f"cold on up/{CHEAPEST}" in steps
        swapped = server.house.routing.table.with_tier(Tier.SIMPLE, Target("up", "claude-3-haiku"))
        server.house.routing.replace(swapped)
        await server.house.counter.run(lambda: None)
        tier, steps = await step(HARD, EASY)
        assert tier == "SIMPLE" and "cold on up/claude-3-haiku" in steps


def _real(url: str) -> str:
    config = config_for(url, "anthropic")
    for name, model in (("small", CHEAPEST), ("middle", CHEAPEST), ("large", DEAREST)):
        config = config.replace(f"up/{name}", f"up/{model}")
    return config.replace("up/deep", f"up/{DEAREST}")


def test_an_unknown_price_is_weighed_once_and_one_not_at_hand_again():
    turns = (HARD, EASY)
    kept = table()
    pinned(view_of(request(*turns)), kept, UNPRICED)
    assert to_judge(view_of(request(*turns)), kept) == 0
    kept = table()
    pinned(view_of(request(*turns)), kept, economy("anthropic"))
    assert to_judge(view_of(request(*turns)), kept) == 1
