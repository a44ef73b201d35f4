"""The providers screen: health, limits and keys by name, and a test that holds nothing up."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from textual.pilot import Pilot

from app.dashboard import Dashboard
from app.holds.upstreams import Upstreams, named_keys
from app.store import Store
from app.tallies import Tally
from app.widgets.grid import Grid
from app.widgets.pager import Pager
from app.widgets.topbar import TABS, TopBar
from proxy.config.model import ProviderConfig
from proxy.providers.base import Call
from proxy.providers.breaker import MOST_FAILURES
from proxy.server import Server
from tests.app.scene import begin, done, failed, fell_back, finish, hit, retried
from tests.app.screen import SIZES, running, screen_of, services_of, ticked
from tests.app.test_rewrite_screen import until
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Answer, Sent, Upstream, as_json

SECRET = "sk-not-to-be-shown"
MORE = """
[providers.spare]
kind = "openai_compatible"
base_url = "{url}"
key_env = ["SPARE_KEY", "SECOND_KEY"]
rpm = 60
tpm = 90000
"""
ASKED = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
MODELS = {"data": [{"id": "spare-large"}, {"id": "[b]spare\x1b[2J"}]}


def answering(lists: Answer) -> Answer:
    async def answer(request: web.Request, sent: Sent) -> web.StreamResponse:
        listed = sent.method == "GET"
        return await (lists(request, sent) if listed else messages.says_hello(request, sent))

    return answer


async def lists_models(request: web.Request, sent: Sent) -> web.StreamResponse:
    return as_json(MODELS)


async def refuses(request: web.Request, sent: Sent) -> web.StreamResponse:
    return as_json({"error": SECRET}, 401)


async def never(request: web.Request, sent: Sent) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


@asynccontextmanager
async def live(
    folder: Path, lists: Answer = lists_models, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Server, Dashboard, Pilot[None]]]:
    """The screen over a real proxy with two providers, at an upstream that lists as told."""
    async with Upstream(answering(lists)) as upstream:
        config = config_for(upstream.url, more=MORE.format(url=upstream.url))
        async with proxy(folder, config) as (server, _):
            house = server.house
            given = services_of(
                server,
                upstreams=Upstreams(house, seconds=0.5),
            )
            async with running(given, size) as (dashboard, pilot):
                await pilot.press("p")
                await pilot.pause()
                yield server, dashboard, pilot


def details(dashboard: Dashboard) -> str:
    lines = dashboard.screen.query_one("#provider", Pager).lines
    return "\n".join("".join(text for text, _ in line) for line in lines)


def styles_of(dashboard: Dashboard, words: str) -> set[str]:
    """In which styles `words` stand in the list and in the details."""
    lines = dashboard.screen.query_one("#provider", Pager).lines
    rows = dashboard.screen.query_one(Grid).rows
    return {style for line in (*lines, *rows) for text, style in line if text.startswith(words)}


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_how_a_provider_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("SPARE_KEY", SECRET)
    async with live(tmp_path, size=size) as (server, dashboard, pilot):
        assert "not called yet" in screen_of(dashboard)
        async with ClientSession() as client:
            await client.post(f"{server.url}/v1/messages", json=ASKED)
        await ticked(dashboard, pilot)
        shown = screen_of(dashboard)
        assert "● up" in shown and "spare" in shown
        assert "1 answer · 0 failed" in details(dashboard)
        assert "SIMPLE small · MEDIUM middle" in details(dashboard)
        await pilot.press("j")
        await pilot.pause()
        assert "SPARE_KEY · SECOND_KEY (not set)" in details(dashboard)
        assert "60 requests a minute · 90,000 tokens a minute" in details(dashboard)
        assert SECRET not in screen_of(dashboard) + details(dashboard)
        await pilot.press("escape")
        await pilot.pause()
        assert dashboard.current_mode == "live"


async def test_a_key_lists_the_models_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARE_KEY", SECRET)
    async with live(tmp_path) as (_, dashboard, pilot):
        await pilot.press("j")
        await ticked(dashboard, pilot)
        assert "t asks it for its models now" in details(dashboard)
        await pilot.press("t")
        await until(pilot, lambda: "it answers, and lists 2 models" in details(dashboard))
        assert "spare-large" in details(dashboard)
        assert "[b]spare␛[2J" in details(dashboard)


async def test_a_refused_key_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARE_KEY", SECRET)
    async with live(tmp_path, refuses) as (_, dashboard, pilot):
        await pilot.press("j", "t")
        said = "it refused the credential (401); correct the key in SPARE_KEY, SECOND_KEY"
        await until(pilot, lambda: said in " ".join(details(dashboard).split()))
        assert SECRET not in screen_of(dashboard) + details(dashboard)


async def test_a_missing_key_is_told_by_its_name(tmp_path: Path) -> None:
    async with live(tmp_path) as (_, dashboard, pilot):
        await pilot.press("j", "t")
        await until(pilot, lambda: "SPARE_KEY, SECOND_KEY are not set" in details(dashboard))


async def test_a_list_that_never_comes_leaves_the_screen_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARE_KEY", SECRET)
    async with live(tmp_path, never) as (_, dashboard, pilot):
        await pilot.press("T", "T", "j", "k")
        assert "… testing" in screen_of(dashboard)
        assert "asking it for its models" in details(dashboard)
        await pilot.press("l", "p")
        await pilot.pause()
        assert dashboard.current_mode == "providers"
        await until(pilot, lambda: "did not answer within 0.5 s" in details(dashboard))
        assert "testing" not in screen_of(dashboard)


async def test_a_test_outlives_neither_dashboard_nor_trouble(tmp_path: Path) -> None:
    async with live(tmp_path, never) as (_, dashboard, pilot):
        await pilot.press("t")
    assert dashboard.failure is None


async def test_a_provider_that_is_gone_from_the_config_is_told(tmp_path: Path) -> None:
    async with live(tmp_path) as (server, dashboard, pilot):
        house = server.house
        await pilot.press("j")
        house.config = house.config.model_copy(update={"providers": {}})
        await pilot.press("t")
        tested = await Upstreams(house).test("spare")
        assert (tested.finding.said, tested.models) == ("it is configured no more", None)
        await ticked(dashboard, pilot)
        assert "No provider is configured" in screen_of(dashboard)


async def test_a_key_that_was_limited_is_shown_as_resting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARE_KEY", SECRET)
    monkeypatch.setenv("SECOND_KEY", "other")

    async def limits_one(request: web.Request, sent: Sent) -> web.StreamResponse:
        if SECRET in sent.headers["authorization"]:
            return as_json({"error": "slow down"}, 429, retry_after="40")
        return as_json({"id": "c", "choices": [{"message": {"content": "hi"}}]})

    async with (
        Upstream(limits_one) as upstream,
        proxy(tmp_path, config_for(upstream.url, more=MORE.format(url=upstream.url))) as (
            server,
            _,
        ),
    ):
        call = Call("/v1/chat/completions", b"{}", {}, stream=False)
        reply = await server.house.providers.get("spare").send(call)
        reply.close()
        first, second = Upstreams(server.house).keys("spare")
    assert re.fullmatch(r"SPARE_KEY \(rests for \d+s\)", first)
    assert second == "SECOND_KEY"


async def test_one_that_rests_says_how_long_and_why(tmp_path: Path) -> None:
    async with live(tmp_path) as (server, dashboard, pilot):
        for _ in range(MOST_FAILURES):
            server.house.breakers.enter("up")
            server.house.breakers.failed("up", "503 [b]no capacity\x1b[2J")
        await ticked(dashboard, pilot)
        assert "▼ rests for" in screen_of(dashboard)
        assert "last: 503 [b]no capacity␛[2J" in details(dashboard)


async def test_one_that_is_up_but_failed_is_a_warning(tmp_path: Path) -> None:
    async with live(tmp_path) as (server, dashboard, pilot):
        breakers = server.house.breakers
        for outcome in (breakers.succeeded, breakers.failed):
            assert styles_of(dashboard, "● up") <= {"good"}
            breakers.enter("up")
            outcome("up")
            await ticked(dashboard, pilot)
        assert "● up, 1 of 5 failures" in details(dashboard)
        assert styles_of(dashboard, "● up") == {"warn"}


async def test_without_providers_it_says_what_to_do(tmp_path: Path) -> None:
    from tests.app.scene import services

    async with running(services(tmp_path), (60, 15)) as (dashboard, pilot):
        await pilot.press("p", "t", "T", "j")
        await pilot.pause()
        assert "lynkr-tui init" in screen_of(dashboard)
        assert dashboard.failure is None


def told(tell: Callable[[Store], object]) -> dict[str, Tally]:
    store = Store()
    tell(store)
    store.tick()
    return store.tallies


def test_calls_are_counted_where_they_were_made() -> None:
    def story(store: Store) -> None:
        id = begin(store)
        retried(store, id, "429 slow down")
        retried(store, id, "503 no capacity")
        fell_back(store, id, "429 slow down")
        finish(store, id)
        done(store, latency=100.0)
        done(store, latency=300.0)
        failed(store)

    found = told(story)
    local, spare = found["local"], found["spare"]
    assert (local.answers, local.failed, local.retries, local.left) == (2, 1, 2, 1)
    assert local.limited == 2
    assert (local.latency, local.first_byte) == (200.0, 120.0)
    assert (spare.answers, spare.limited, spare.latency) == (1, 0, 480.0)


def test_what_the_cache_answered_says_nothing_of_a_provider() -> None:
    assert told(hit) == {}


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"kind": "anthropic"}, ("ANTHROPIC_API_KEY (not set)",)),
        ({"kind": "anthropic", "key": "client"}, ("the caller's own",)),
        ({"kind": "openai", "keyring": "lynkr/openai"}, ("keyring lynkr/openai",)),
        ({"kind": "ollama"}, ("none",)),
    ],
)
def test_keys_are_named(
    row: dict[str, str], names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert named_keys(ProviderConfig(**row)) == names  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_every_screen_s_name_fits_the_bar(width: int) -> None:
    line = "".join(text for text, _ in TopBar("live", "http://127.0.0.1:8081", {}).line(width))
    assert len(line) <= width
    assert all(title in line for _, title in TABS)
