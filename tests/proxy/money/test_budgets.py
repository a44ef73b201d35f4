"""A budget that is reached warns, sends the next round to a cheaper tier, or holds; told once."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from proxy.config.load import ConfigError, parse
from proxy.events import BudgetReached, Completed
from proxy.server import Server
from tests.support import messages
from tests.support.proxy import Heard, config_for, proxy
from tests.support.upstream import Upstream

HARD = "Prove that the scheduler never deadlocks, for every interleaving of its workers"
PRICES = '[prices."up/*"]\ninput = 1000.0\noutput = 1000.0\n'  # an answer costs 22.5 cents


def budget(**fields: Any) -> str:
    said = {"per": "day", **fields}
    rows = (
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
        for name, value in said.items()
    )
    return "\n".join(["[[budgets]]", *rows, PRICES])


async def ask(
    server: Server, heard: Heard, session: str = "s", *turns: Any
) -> aiohttp.ClientResponse:
    """One request; its status and headers, once its end was told."""
    said = turns or ({"role": "user", "content": HARD},)
    body = {"model": "m", "max_tokens": 9, "messages": list(said)}
    headers = {"x-lynkr-session": session, "x-lynkr-cache": "off"}
    before = len(heard.of(Completed))
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{server.url}/v1/messages", json=body, headers=headers) as got,
    ):
        await got.read()
    while got.status == 200 and len(heard.of(Completed)) == before:
        await asyncio.sleep(0.01)
    return got


async def test_a_warning_is_said_once_and_changes_nothing(tmp_path: Path):
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=budget(dollars=0.1))) as (server, heard),
    ):
        for _ in range(3):
            assert (await ask(server, heard)).headers["x-lynkr-tier"] == "REASONING"
        [told] = heard.of(BudgetReached)
        assert isinstance(told, BudgetReached)
        assert told.why == "the budget of $0.1 a day is reached" and told.then == "warn"


async def test_cheaper_lowers_the_next_round_and_never_one_that_has_begun(tmp_path: Path):
    config = budget(tokens=100, then="cheaper")
    call = messages.call("c1", "Bash", command="make")
    result = {"type": "tool_result", "tool_use_id": "c1", "content": "ok"}
    round_ = (
        {"role": "user", "content": HARD},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    )
    later = (*round_, {"role": "assistant", "content": "Done."}, {"role": "user", "content": HARD})
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=config)) as (server, heard),
    ):
        tiers = [
            (await ask(server, heard, "s", *turns)).headers["x-lynkr-tier"]
            for turns in (round_[:1], round_, later)
        ]
        assert tiers == ["REASONING", "REASONING", "COMPLEX"]
        got = await ask(server, heard, "s", *later)
        assert got.headers["x-lynkr-reason"] == "force:budget"


async def test_one_that_holds_says_what_and_until_when(tmp_path: Path):
    config = budget(dollars=0.1, per="session", then="hold")
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=config)) as (server, heard),
    ):
        assert (await ask(server, heard, "one")).status == 200
        held = await ask(server, heard, "one")
        assert held.status == 402 and len(upstream.sent) == 1
        assert (await ask(server, heard, "another")).status == 200, "its own session is not spent"


THEN = {"warn": (200, "REASONING"), "cheaper": (200, "COMPLEX"), "hold": (402, "REASONING")}


@pytest.mark.parametrize("then", THEN)
@pytest.mark.parametrize("limit", [{"dollars": 0.1}, {"tokens": 100}], ids=" ".join)
@pytest.mark.parametrize("per", ["day", "month", "session"])
async def test_each_span_each_unit_and_each_consequence(
    tmp_path: Path, per: str, limit: dict[str, Any], then: str
):
    config = budget(per=per, then=then, provider="up", **limit)
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=config)) as (server, heard),
    ):
        first, second = await ask(server, heard), await ask(server, heard)
        assert first.headers["x-lynkr-tier"] == "REASONING"
        assert (second.status, second.headers["x-lynkr-tier"]) == THEN[then]
        [told] = heard.of(BudgetReached)
        assert isinstance(told, BudgetReached)
        assert f"a {per} at up is reached" in told.why and told.then == then


async def test_of_several_that_are_reached_the_strictest_counts(tmp_path: Path):
    rows = (budget(dollars=0.1), budget(dollars=0.2, then="hold"), budget(tokens=9_000_000))
    config = "\n".join(row.removesuffix(PRICES) for row in rows) + PRICES
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=config)) as (server, heard),
    ):
        assert (await ask(server, heard)).status == 200
        assert (await ask(server, heard)).status == 402
        told = [one.then for one in heard.of(BudgetReached) if isinstance(one, BudgetReached)]
        assert told == ["warn", "hold"]


async def test_what_one_provider_cost_is_no_matter_of_anothers_budget(tmp_path: Path):
    config = budget(dollars=0.1, provider="other", then="hold")
    config += '[providers.other]\nkind = "demo"\n'
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=config)) as (server, heard),
    ):
        assert [(await ask(server, heard)).status for _ in range(3)] == [200] * 3
        assert not heard.of(BudgetReached)


@pytest.mark.parametrize("per", ["day", "session"])
async def test_what_the_ledger_knows_counts_after_a_restart(tmp_path: Path, per: str):
    config = budget(per=per, dollars=0.1, provider="up", then="hold")
    async with Upstream(messages.says_hello) as upstream:
        text = config_for(upstream.url, more=config)
        async with proxy(tmp_path, text) as (server, heard):
            assert (await ask(server, heard)).status == 200
        async with proxy(tmp_path, text) as (server, heard):
            async with asyncio.timeout(5):
                while (await ask(server, heard)).status != 402:
                    await asyncio.sleep(0.05)
    assert len(upstream.sent) <= 2


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "must say either dollars or tokens"),
        ({"dollars": 1.0, "tokens": 1}, "must say either dollars or tokens"),
        ({"dollars": 1.0, "provider": "upp"}, "'upp' is not a provider; did you mean up?"),
    ],
)
def test_a_budget_that_makes_no_sense_is_refused_with_the_fix(fields: dict[str, Any], why: str):
    with pytest.raises(ConfigError, match=why.replace("?", r"\?")):
        parse(config_for("http://127.0.0.1:9", more=budget(**fields)))
