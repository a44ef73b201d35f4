"""The dashboard as its user meets it: keys in, text on the screen out."""

import asyncio
import sys
import threading
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest

from app import screens
from app.dashboard import Dashboard
from app.screens import log
from app.services import DashboardServices
from app.widgets.feed import Feed
from classifier.tiers import Tier
from tests.app.scene import PARTS, begin, done, failed, finish, services
from tests.app.screen import SIZES, live_of, running, screen_of, text_of, ticked


@pytest.fixture
def given(tmp_path: Path) -> DashboardServices:
    return services(tmp_path)


@pytest.mark.parametrize("size", SIZES)
async def test_an_exchange_shows_as_it_happens(
    given: DashboardServices, size: tuple[int, int]
) -> None:
    async with running(given, size) as (dashboard, pilot):
        id = begin(given.bus.publish, tier=Tier.COMPLEX)
        await ticked(dashboard, pilot)
        row = text_of(live_of(dashboard).feed).splitlines()[1]
        assert "○" in row and "COMPLEX" in row and "large-5" in row
        finish(given.bus.publish, id)
        await ticked(dashboard, pilot)
        row = text_of(live_of(dashboard).feed).splitlines()[1]
        assert "✓" in row and "480ms" in row
        if size[0] >= 80:
            assert "1.0k → 300" in row and "$0.0200" in row


async def test_the_code_of_a_room_is_loaded_beside_the_loop_that_exchanges_run_on(
    given: DashboardServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded_by: list[threading.Thread] = []

    class Watch(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == "app.screens.log":
                loaded_by.append(threading.current_thread())

    async with running(given) as (dashboard, pilot):
        monkeypatch.setattr(screens, "log", log)  # what is loaded here is gone afterwards
        monkeypatch.delitem(sys.modules, log.__name__)
        monkeypatch.setattr(sys, "meta_path", [Watch(), *sys.meta_path])
        await pilot.press("L")
        await pilot.pause()
        assert type(dashboard.screen).__name__ == "LogScreen"
        assert loaded_by and threading.main_thread() not in loaded_by


async def test_the_clock_flushes_without_being_asked(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        await pilot.pause(0.6)
        assert "middle-32b" in screen_of(dashboard)


@pytest.mark.parametrize("size", SIZES)
async def test_the_details_tell_every_dimension_and_the_whole_story(
    given: DashboardServices, size: tuple[int, int]
) -> None:
    async with running(given, size) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("enter")
        await pilot.pause()
        details = live_of(dashboard).details
        assert details.has_focus
        assert details.size.height >= size[1] - 5
        page = "\n".join("".join(text for text, _ in line) for line in details.lines)
        for part in PARTS:
            assert part.dimension.replace("_", " ") in page
            assert part.evidence in page
        assert "42 → MEDIUM" in page and "override" in page
        assert "cloud" not in page and "local/middle-32b" in page
        assert "WebSearch: nothing to look up" in page
        assert "Grep by toon  900 → 400" in page
        assert "input 200" in page and "output 50" in page
        assert "$0.0200 instead of $0.0500: $0.0300 saved" in page
        assert "skip: offers tools" in page
        await pilot.press("escape")
        assert live_of(dashboard).feed.has_focus


async def test_a_failure_says_what_broke_and_is_never_read_as_markup(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, pilot):
        failed(given.bus.publish, error="[red]no[/red] \x1b[2J [@click=app.quit]x[/]")
        await ticked(dashboard, pilot)
        shown = screen_of(dashboard)
        assert "[red]no[/red] ␛[2J [@click=app.quit]x[/]" in shown
        assert "\x1b" not in shown


async def test_help_opens_at_what_has_the_focus_and_leads_back(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        assert dashboard.current_mode == "help"
        assert screen_of(dashboard).splitlines()[1].strip() == "The feed"
        assert "tier:complex" in screen_of(dashboard)
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("enter", "f1")
        await pilot.pause()
        assert screen_of(dashboard).splitlines()[1].strip() == "Details, log and help"
        await pilot.press("question_mark")
        await pilot.pause()
        assert dashboard.current_mode == "live"


async def test_the_log_shows_what_the_program_says(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        await pilot.press("L")
        await pilot.pause()
        assert "Nothing logged yet" in screen_of(dashboard)
        given.log_lines.extend(f"12:00 WARNING [b]line {n}[/b]\x1b[2J" for n in range(2000))
        await ticked(dashboard, pilot)
        assert "[b]line 1999[/b]␛[2J" in screen_of(dashboard)
        await pilot.press("g")
        await pilot.pause()
        assert "line 1000[/b]" in screen_of(dashboard), "the oldest line kept"
        given.log_lines.append("12:01 ERROR newest")
        await ticked(dashboard, pilot)
        assert "newest" not in screen_of(dashboard), "a reader is not carried away"


async def test_the_palette_knows_every_action(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        named = {command.title for command in dashboard.get_system_commands(dashboard.screen)}
        assert "Steer: REASONING  (4)" in named
        assert "Screens: Log  (L F5)" in named
        await pilot.press("colon")
        await pilot.pause()
        await pilot.press(*"reasoning")
        await pilot.pause(0.5)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert list(given.routing.table.overrides.values()) == [Tier.REASONING]


@pytest.mark.parametrize("size", [(59, 24), (80, 14), (10, 3)])
async def test_a_tiny_terminal_gets_a_plain_sentence(
    given: DashboardServices, size: tuple[int, int]
) -> None:
    async with running(given, size) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        shown = " ".join(screen_of(dashboard).split())
        assert "middle" not in shown
        if size[0] > 50:
            assert f"at least 60 × 15; this one is {size[0]} × {size[1]}" in shown
        await pilot.resize_terminal(80, 24)
        await ticked(dashboard, pilot)
        assert "middle-32b" in screen_of(dashboard)


async def test_without_requests_it_says_what_to_run(given: DashboardServices) -> None:
    for size in SIZES:
        async with running(given, size) as (dashboard, _):
            assert "ANTHROPIC_BASE_URL=http://127.0.0.1:8081 claude" in screen_of(dashboard)


async def test_keys_can_be_remapped(tmp_path: Path) -> None:
    given = services(tmp_path, keys={"pause": "p", "tier-all": "f9", "follow": "f8"})
    async with running(given) as (dashboard, pilot):
        for _ in range(2):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("k", "4")
        await ticked(dashboard, pilot)
        assert "0 releases the selected, F9 releases all" in screen_of(dashboard)
        assert "F8 follows" in screen_of(dashboard)
        await pilot.press("space")
        assert not dashboard.store.paused
        await pilot.press("p")
        assert dashboard.store.paused
        assert "p Pause" in screen_of(dashboard) and "p goes on" in screen_of(dashboard)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quitting_is_not_a_failure(given: DashboardServices, key: str) -> None:
    dashboard = Dashboard(given)
    async with dashboard.run_test() as pilot:
        if key == "ctrl+c":
            await pilot.press("slash", "x")
        await pilot.press(key)
    assert (dashboard.failure, dashboard.return_code) == (None, 0)


async def test_a_crash_ends_the_dashboard_and_says_so(
    given: DashboardServices, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    dashboard = Dashboard(given)

    def broken(self: object) -> None:
        raise RuntimeError("the feed broke")

    monkeypatch.setattr(Feed, "flush", broken)
    asyncio.get_running_loop().call_later(0.3, done, given.bus.publish)
    await asyncio.wait_for(dashboard.run_async(headless=True, size=(80, 24)), 10)
    assert dashboard.return_code == 1
    assert str(dashboard.failure) == "the feed broke"
    assert capfd.readouterr().err == "", "the caller reports it, in one line"


async def test_a_dashboard_that_ended_listens_no_more(given: DashboardServices) -> None:
    async with running(given) as (dashboard, _):
        pass
    done(given.bus.publish)
    assert not dashboard.store.tick()


async def test_a_paste_of_a_megabyte_and_a_thousand_keys_leave_it_alive(
    given: DashboardServices,
) -> None:
    from textual.events import Paste

    async with running(given) as (dashboard, pilot):
        for _ in range(20):
            done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("slash")
        dashboard.screen.focused.post_message(Paste("x" * 1_000_000))  # type: ignore[union-attr]
        await pilot.pause()
        await pilot.press("escape")
        for key in ["j", "k", "4", "0"] * 250:
            dashboard.simulate_key(key)
        await pilot.pause()
        await ticked(dashboard, pilot)
        assert dashboard.failure is None
        assert "middle-32b" in screen_of(dashboard)


async def test_without_colours_it_takes_the_plain_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    given = services(tmp_path, theme="")
    async with running(given) as (dashboard, pilot):
        assert dashboard.theme == "lynkr-ansi"
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert "▌" in text_of(live_of(dashboard).feed), "the selection shows without colour"


async def test_every_theme_draws_every_tier(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        for tier in Tier:
            done(given.bus.publish, tier=tier)
        for theme in ("lynkr-light", "lynkr-ansi", "lynkr-dark", "textual-dark", "nord"):
            dashboard.theme = theme
            await ticked(dashboard, pilot)
            assert all(tier.name in screen_of(dashboard) for tier in Tier)
