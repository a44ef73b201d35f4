"""The feed by session: a lane each, the newest first, with a line of what it adds up to."""

from pathlib import Path

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from app.lanes import Lanes
from app.services import DashboardServices
from app.store import Store
from app.totals import Totals
from app.widgets.canvas import width_of
from app.widgets.feed import Feed
from app.widgets.lane import title
from classifier.tiers import Tier
from proxy.record import Record
from tests.app.scene import begin, done, failed, finish, services
from tests.app.screen import SIZES, live_of, running, screen_of, text_of, ticked


@pytest.fixture
def given(tmp_path: Path) -> DashboardServices:
    return services(tmp_path)


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_shows_a_lane_a_session_and_all_as_they_came_again(
    given: DashboardServices, size: tuple[int, int]
) -> None:
    async with running(given, size) as (dashboard, pilot):
        done(given.bus.publish, "aaaaaa11")
        failed(given.bus.publish, "bbbbbb22")
        done(given.bus.publish, "aaaaaa11", tier=Tier.COMPLEX)
        await ticked(dashboard, pilot)
        before = text_of(live_of(dashboard).feed)
        await pilot.press("v")
        await pilot.pause()
        lines = text_of(live_of(dashboard).feed).splitlines()
        assert lines[1].startswith("▸ aaaaaa  claude-code  2 requests")
        assert "COMPLEX" in lines[2] and "MEDIUM" in lines[3]
        assert lines[4].startswith("▸ bbbbbb  claude-code  1 request  1 failed")
        assert "MEDIUM" in lines[5]
        assert "by session" in screen_of(dashboard)
        await pilot.press("v")
        await pilot.pause()
        assert text_of(live_of(dashboard).feed) == before


async def test_the_line_of_a_lane_adds_up_what_its_session_did(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish, "aaaaaa11", cost=0.5)
        done(given.bus.publish, "aaaaaa11", cost=None)
        failed(given.bus.publish, "aaaaaa11")
        begin(given.bus.publish, "aaaaaa11")
        await pilot.press("v")
        await ticked(dashboard, pilot)
        line = text_of(live_of(dashboard).feed).splitlines()[1]
        assert "4 requests  1 open  1 failed  saved ~1.4k  $0.50 + –  billed 700" in line


async def test_the_newest_session_comes_to_the_top_and_the_list_follows_it(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, pilot):
        feed = live_of(dashboard).feed
        for session in ("one", "two", "three"):
            done(given.bus.publish, session)
        await ticked(dashboard, pilot)
        await pilot.press("v")
        id = done(given.bus.publish, "one")
        await ticked(dashboard, pilot)
        assert (feed.selected, feed.place, feed.scroll_offset.y) == (id, 1, 0)
        assert text_of(feed).splitlines()[1].startswith("▸ one")


async def test_the_keys_walk_over_headings_and_from_lane_to_lane(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        feed = live_of(dashboard).feed
        ids = [done(given.bus.publish, session) for session in ("one", "two", "two")]
        await ticked(dashboard, pilot)
        await pilot.press("v")
        walked = [feed.selected]
        for key in ("j", "j", "j", "k", "k", "g", "G", "left", "right", "right"):
            await pilot.press(key)
            walked.append(feed.selected)
        one, two, newest = ids
        assert walked == [newest, two, one, one, two, newest, newest, one, newest, one, one]
        assert not dashboard.store.follow
        await pilot.click(Feed, offset=(5, 1))
        assert feed.selected == newest, "a heading stands for its newest exchange"


async def test_what_is_in_sight_stays_while_others_come_in_above(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        feed = live_of(dashboard).feed
        for number in range(60):
            done(given.bus.publish, f"session{number}")
        await ticked(dashboard, pilot)
        await pilot.press("v", "G")
        await pilot.pause()
        chosen, at = feed.selected, feed.place - feed.scroll_offset.y
        for number in range(20):
            done(given.bus.publish, f"later{number}")
        await ticked(dashboard, pilot)
        assert (feed.selected, feed.place - feed.scroll_offset.y) == (chosen, at)


async def test_no_word_of_the_line_above_is_cut_at_the_smallest_size(
    given: DashboardServices,
) -> None:
    async with running(given, (60, 15)) as (dashboard, pilot):
        for _ in range(3):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("v", "space")
        await ticked(dashboard, pilot)
        assert "‖ paused 0 waiting  space goes on" in screen_of(dashboard)
        await pilot.press("slash", *"tier:medium cost<0.05", "enter")
        await ticked(dashboard, pilot)
        status = live_of(dashboard).status
        assert "paused 0 waiting  space goes on" in text_of(status)
        assert width_of(status.line()) <= 60
        await pilot.press("slash", *" banana>")
        await ticked(dashboard, pilot)
        assert text_of(status) == " no field 'banana' (? lists them)"


async def test_filter_and_pause_hold_in_lanes_too(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish, "one")
        failed(given.bus.publish, "two")
        await ticked(dashboard, pilot)
        await pilot.press("v", "slash", *"error", "enter")
        feed = live_of(dashboard).feed
        assert text_of(feed).splitlines()[1].startswith("▸ two")
        assert "▸ one" not in text_of(feed)
        await pilot.press("escape", "space")
        before = text_of(feed).splitlines()[2:]
        done(given.bus.publish, "three")
        await ticked(dashboard, pilot)
        assert text_of(feed).splitlines()[2:] == before
        await pilot.press("slash", *"zzz", "enter", "j", "k", "right", "G")
        assert "No exchange matches" in screen_of(dashboard)


_steps = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), min_size=1, max_size=40)


@over(_steps)
def test_every_exchange_stands_once_in_the_lane_of_its_session(steps: list[tuple[str, bool]]):
    store = Store()
    lanes = Lanes(store)
    for session, ends in steps:
        id = begin(store, session)
        if ends:
            finish(store, id)
        store.tick()
        lines = lanes.lines
        rows = [entry for entry in lines if isinstance(entry, Record)]
        assert sorted(row.id for row in rows) == [row.id for row in store.view]
        assert lines[0] == session, "who asked last stands first"
        here = ""
        for at, entry in enumerate(lines):
            if isinstance(entry, str):
                here = entry
            else:
                assert (entry.session, lanes.place(entry.id)) == (here, at)
        for line in range(-2, len(lines) + 2):
            for by in (-1, 1):
                assert isinstance(lines[lanes.near(line, by)], Record)


@over(st.text(max_size=60), st.text(max_size=60), st.integers(60, 200))
def test_a_lane_s_line_fits_any_width(session: str, client: str, width: int) -> None:
    totals = Totals()
    totals.seen(Record("id", 0.0, session=session, client=client, tier="SIMPLE"), True)
    assert width_of(title(session, totals, width)) <= width


def test_output_tokens_a_second_are_those_of_the_last_ten(given: DashboardServices) -> None:
    now = [1000.0]
    store = Store(clock=lambda: now[0])
    done(store)
    done(store)
    store.tick()
    assert store.totals.seconds["output"].rate() == 10.0
    now[0] += 10
    store.tick()
    assert store.totals.seconds["output"].rate() == 0.0
