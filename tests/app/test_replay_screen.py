"""`R`: the selected exchange sent again to another tier, both answers side by side."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from app.dashboard import Dashboard
from app.holds.replayer import Replayer
from app.replayed import RUNS
from app.screens.replay import OfferTable, ReplayScreen
from app.services import DashboardServices
from app.widgets.pager import Pager
from classifier.tiers import Tier
from proxy.exchange import Exchange
from proxy.server import Server
from tests.app import day
from tests.app.scene import begin, done, finish
from tests.app.screen import SIZES, running, screen_of, services_of, ticked
from tests.app.test_rewrite_screen import until
from tests.app.test_staying_up import words_of
from tests.proxy.past.test_replay import PRICES, READ, body, names_itself, post
from tests.support import messages
from tests.support.proxy import Heard, config_for, proxy
from tests.support.snapshots import Snapshots
from tests.support.upstream import Upstream

OFF = "[replay]\nmegabytes = 0\n"


@asynccontextmanager
async def stage(folder: Path, more: str = PRICES) -> AsyncIterator[tuple[Server, Heard, Upstream]]:
    async with (
        Upstream(names_itself) as upstream,
        proxy(folder, config_for(upstream.url, more=more)) as (server, heard),
    ):
        yield server, heard, upstream


def given_by(server: Server) -> DashboardServices:
    server.house.recent.want()
    return services_of(server, replays=Replayer(server.house))


def room_of(dashboard: Dashboard) -> ReplayScreen:
    assert isinstance(dashboard.screen, ReplayScreen)
    return dashboard.screen


def told(dashboard: Dashboard, id: str) -> str:
    return words_of(dashboard.screen.query_one(id, Pager).lines)


async def opened(dashboard: Dashboard, pilot: Pilot[None]) -> None:
    """Open the newest exchange's replay, up to its offers."""
    await ticked(dashboard, pilot)
    await pilot.press("R")
    await until(pilot, lambda: dashboard.current_mode == "replay")
    await until(pilot, lambda: len(room_of(dashboard).query_one(OfferTable).rows) == 4)


@pytest.mark.parametrize("size", SIZES)
async def test_both_answers_stand_side_by_side_with_cost_tokens_and_time(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with stage(tmp_path) as (server, _, upstream):
        async with running(given_by(server), size) as (dashboard, pilot):
            await post(server, body("hello", tools=[READ], stream=True))
            await opened(dashboard, pilot)
            assert "I am small" in told(dashboard, "#then")
            assert "Not sent" in told(dashboard, "#now")
            assert "billed" in screen_of(dashboard), "it says that it costs"
            assert len(upstream.sent) == 1, "nothing is sent before a person says so"
            await pilot.press("4")
            await ticked(dashboard, pilot)
            assert "up/deep: about $0.0" in " ".join(screen_of(dashboard).split())
            await pilot.press("enter")
            await until(pilot, lambda: "I am deep" in told(dashboard, "#now"))
            for side in ("#then", "#now"):
                words = told(dashboard, side)
                assert "$0.00" in words and "25 out" in words and "ms" in words
                assert '▸ Read {"path":"a.py"}' in " ".join(words.split())
            assert [one.body["model"] for one in upstream.sent] == ["small", "deep"]
            shown = screen_of(dashboard).splitlines()
            assert any(line.count("$0.00") == 2 and "│" in line for line in shown)
            await pilot.press("escape")
            assert dashboard.current_mode == "live"


async def test_the_feed_marks_it_and_no_saving_counts_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as (server, _, _):
        async with running(given_by(server), (160, 40)) as (dashboard, pilot):
            await post(server, body("hello", model="up/deep", tools=[READ]), x_lynkr_session="one")
            await opened(dashboard, pilot)
            money, saved = dashboard.store.totals.money, dashboard.store.totals.saved
            spent = dashboard.store.totals.spent
            await pilot.press("3", "enter")
            await until(pilot, lambda: "I am large" in told(dashboard, "#now"))
            await pilot.press("escape")
            await ticked(dashboard, pilot)
            rows = dashboard.store.rows
            assert [row.request_class for row in rows] == ["main", "replay"]
            lines = [line for line in screen_of(dashboard).splitlines() if "up/large" in line]
            assert any("replay" in line and "COMPLEX" in line for line in lines)
            totals = dashboard.store.totals
            assert (totals.money, totals.saved) == (money, saved)
            assert totals.spent > spent
            assert totals.sessions["one"].tier == "REASONING", "the session is where it was"


async def test_each_tier_keeps_its_answer_and_the_cursor_picks_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as (server, _, upstream):
        async with running(given_by(server)) as (dashboard, pilot):
            await post(server, body("hello"))
            await opened(dashboard, pilot)
            for key, name in (("2", "middle"), ("3", "large")):
                await pilot.press(key, "enter")
                await until(pilot, lambda name=name: f"I am {name}" in told(dashboard, "#now"))  # type: ignore[misc]
            await pilot.press("2")
            await ticked(dashboard, pilot)
            assert "I am middle" in told(dashboard, "#now") and len(upstream.sent) == 3
            await pilot.press("escape", "R")
            await until(pilot, lambda: dashboard.current_mode == "replay")
            await ticked(dashboard, pilot)
            assert dashboard.store.chosen is not None


async def test_what_fails_says_so_in_its_place(tmp_path: Path) -> None:
    more = "[[budgets]]\nper = 'day'\ntokens = 100\nthen = 'hold'\n"
    async with stage(tmp_path, more) as (server, _, upstream):
        async with running(given_by(server)) as (dashboard, pilot):
            await post(server, body("hello"))
            await opened(dashboard, pilot)
            await pilot.press("enter")
            await until(pilot, lambda: "budget" in told(dashboard, "#now"))
            assert "402" in told(dashboard, "#now") and len(upstream.sent) == 1
            assert "I am small" in told(dashboard, "#then")
            assert dashboard.failure is None


async def test_where_too_much_is_under_way_it_says_so_and_the_answer_before_stays(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, "[load]\nrequests = 1\n") as (server, _, upstream):
        async with running(given_by(server)) as (dashboard, pilot):
            await post(server, body("hello"))
            await opened(dashboard, pilot)
            await pilot.press("3", "enter")
            await until(pilot, lambda: "I am large" in told(dashboard, "#now"))
            with server.house.load.enter(0):
                for key, left in (("3", "I am large"), ("4", "Not sent")):
                    before = len(notices(dashboard))
                    await pilot.press(key, "enter")
                    await until(pilot, lambda before=before: len(notices(dashboard)) > before)  # type: ignore[misc]
                    assert left in told(dashboard, "#now")
            assert len(upstream.sent) == 2


def notices(dashboard: Dashboard) -> list[str]:
    return [one.message for one in dashboard._notifications]


async def test_where_its_text_is_gone_the_key_says_why(tmp_path: Path) -> None:
    async with stage(tmp_path, OFF) as (server, _, _):
        async with running(given_by(server)) as (dashboard, pilot):
            await post(server, body("hello"))
            await ticked(dashboard, pilot)
            await pilot.press("R")
            await until(pilot, lambda: bool(notices(dashboard)))
            assert "keep_text = true" in notices(dashboard)[0]
            assert dashboard.current_mode == "live"


async def test_the_key_is_not_offered_where_nothing_is_selected(tmp_path: Path) -> None:
    async with stage(tmp_path) as (server, _, _):
        async with running(given_by(server)) as (dashboard, pilot):
            await pilot.press("R")
            assert notices(dashboard) == [] and dashboard.current_mode == "live"


async def test_one_that_runs_can_be_sent_again_once_it_has_ended(tmp_path: Path) -> None:
    async with stage(tmp_path) as (server, _, upstream):
        async with running(given_by(server)) as (dashboard, pilot):
            tell = server.house.bus.publish
            id = begin(tell)
            hold(server, id)
            await ticked(dashboard, pilot)
            await pilot.press("R", "enter")
            await until(pilot, lambda: RUNS in " ".join(screen_of(dashboard).split()))
            await pilot.press("enter")
            assert upstream.sent == []
            finish(tell, id)
            await until(pilot, lambda: "The parser takes" in told(dashboard, "#then"))


async def test_one_that_ended_while_the_list_is_paused_can_be_replayed(tmp_path: Path) -> None:
    async with stage(tmp_path) as (server, _, _):
        async with running(given_by(server)) as (dashboard, pilot):
            tell = server.house.bus.publish
            id = begin(tell)
            hold(server, id)
            await ticked(dashboard, pilot)
            await pilot.press("space")
            finish(tell, id)
            await opened(dashboard, pilot)
            assert "The parser takes an empty line" in told(dashboard, "#then")


async def test_a_change_of_the_routes_is_a_change_of_the_offers(tmp_path: Path) -> None:
    async with stage(tmp_path) as (server, _, upstream):
        async with running(given_by(server)) as (dashboard, pilot):
            await post(server, body("hello"))
            await opened(dashboard, pilot)
            table = server.house.routing.table
            deep = table.tiers[Tier.REASONING]
            server.house.routing.replace(table.with_tier(Tier.MEDIUM, deep))
            await until(pilot, lambda: screen_of(dashboard).count("up/deep") >= 2)
            await pilot.press("2", "enter")
            await until(pilot, lambda: "I am deep" in told(dashboard, "#now"))


def hold(server: Server, id: str) -> None:
    """Hold the texts of an exchange that was only told."""
    copy = server.house.recent.hold(
        Exchange(orjson.dumps(body("fix the parser")), "anthropic", {}, id=id)
    )
    assert copy is not None
    said = messages.text("The parser takes an empty line now:\n\n    if not line:\n\treturn")
    copy(orjson.dumps(messages.answer("m", [said, messages.call("t1", "Bash", command="make")])))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_it_looks_as_it_was_looked_at(
    tmp_path: Path, size: tuple[int, int], snapshots: Snapshots
) -> None:
    async with stage(tmp_path) as (server, _, _):
        given = replace(given_by(server), base_url="http://127.0.0.1:8081")
        with day.standing_still():
            async with running(given, size) as (dashboard, pilot):
                hold(server, done(server.house.bus.publish, at=day.AT - 30))
                await opened(dashboard, pilot)
                await ticked(dashboard, pilot)
                snapshots.hold(dashboard, "replay")
