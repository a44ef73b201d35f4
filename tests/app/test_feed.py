"""The list of exchanges: filtered, paused, followed, and what is selected in it."""

from pathlib import Path

import pytest

from app.services import DashboardServices
from app.widgets.feed import Feed
from classifier.tiers import Tier
from tests.app.scene import done, failed, hit, services
from tests.app.screen import live_of, running, screen_of, text_of, ticked


@pytest.fixture
def given(tmp_path: Path) -> DashboardServices:
    return services(tmp_path)


async def test_a_filter_narrows_the_list_as_it_is_typed(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish, tier=Tier.SIMPLE)
        failed(given.bus.publish)
        hit(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("slash", *"error")
        feed = live_of(dashboard).feed
        assert [row.state for row in dashboard.store.view] == ["failed"]
        assert feed.row is dashboard.store.view[0], "what is selected is what is shown"
        await pilot.press("enter")
        assert feed.has_focus
        assert "1 of 3 exchanges match error" in screen_of(dashboard)
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert len(dashboard.store.view) == 1
        await pilot.press("escape")
        await pilot.pause()
        assert len(dashboard.store.view) == 4


async def test_a_bad_filter_says_why_and_changes_nothing(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("slash", *"tier>3")
        await pilot.pause()
        assert "tier is text: write tier:3" in screen_of(dashboard)
        await pilot.press("escape")
        await pilot.pause()
        assert "tier is text" not in screen_of(dashboard)


async def test_a_filter_that_matches_nothing_says_how_to_get_out(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("slash", *"zzz", "enter")
        await pilot.pause()
        assert "No exchange matches" in screen_of(dashboard)
        assert "esc clears the filter" in screen_of(dashboard)


async def test_pause_freezes_the_list_and_says_what_waits(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("space")
        before = text_of(live_of(dashboard).feed)
        for _ in range(3):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert text_of(live_of(dashboard).feed) == before
        assert "paused 3 waiting" in screen_of(dashboard)
        assert screen_of(dashboard).splitlines()[2].startswith(" 4 "), "the totals go on"
        await pilot.press("space")
        await ticked(dashboard, pilot)
        assert len(dashboard.store.view) == 4
        assert "paused" not in screen_of(dashboard)


async def test_the_list_follows_until_the_selection_moves_away(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        feed = live_of(dashboard).feed
        for _ in range(50):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert feed.place == 49
        await pilot.press("g")
        chosen = feed.selected
        for _ in range(5):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert (feed.selected, feed.place, feed.scroll_offset.y) == (chosen, 0, 0)
        await pilot.press("F")
        assert feed.place == 54
        await pilot.press("pageup", "pagedown", "K", "J")
        assert dashboard.store.follow


async def test_what_is_in_sight_stays_when_old_rows_fall_off(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        dashboard.store._kept = 100
        feed = live_of(dashboard).feed
        for _ in range(100):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("k", "k", "k")
        await pilot.pause()
        chosen, at = feed.selected, feed.place - feed.scroll_offset.y
        for _ in range(20):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert feed.selected == chosen
        assert feed.place - feed.scroll_offset.y == at


async def test_a_click_selects_and_shift_j_moves_on_from_the_details(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, pilot):
        ids = [done(given.bus.publish) for _ in range(5)]
        await ticked(dashboard, pilot)
        await pilot.click(Feed, offset=(10, 2))
        assert live_of(dashboard).feed.selected == ids[1]
        await pilot.press("enter", "J")
        assert live_of(dashboard).feed.selected == ids[2]
        assert live_of(dashboard).details.has_focus
