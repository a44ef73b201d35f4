"""What the dashboard shows of providers in trouble: retries, fallbacks, and who is down."""

import time
from pathlib import Path

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from textual.widgets._toast import Toast

from app.dashboard import Dashboard
from app.outages import Outage
from app.screens.base import Room
from app.services import DashboardServices
from app.widgets.canvas import Line, width_of
from app.widgets.details import page
from app.widgets.down import Down
from tests.app.scene import begin, breaker, done, failed, fell_back, finish, retried, services
from tests.app.screen import live_of, running, screen_of, text_of, ticked

SIZES = [(120, 40), (80, 24), (60, 15)]


@pytest.fixture
def given(tmp_path: Path) -> DashboardServices:
    return services(tmp_path)


@pytest.mark.parametrize("size", SIZES)
async def test_a_retry_and_a_fallback_show_in_the_row_and_in_the_decision(
    given: DashboardServices, size: tuple[int, int]
) -> None:
    async with running(given, size) as (dashboard, pilot):
        id = begin(given.bus.publish)
        retried(given.bus.publish, id, "529 [b]overloaded\x1b[2J")
        await ticked(dashboard, pilot)
        row = text_of(live_of(dashboard).feed).splitlines()[1]
        assert "○" in row and "↻ " in row and "middle-32b" in row
        fell_back(given.bus.publish, id, "503 no capacity")
        finish(given.bus.publish, id)
        await ticked(dashboard, pilot)
        row = text_of(live_of(dashboard).feed).splitlines()[1]
        assert "✓" in row and "↳ " in row and "other-9b" in row and "↻" not in row
        await pilot.press("enter")
        await pilot.pause()
        shown = words_of(live_of(dashboard).details.lines)
        assert "1 retry · fell back" in shown and "overloaded␛[2J" in shown
        decision = words_of(page(dashboard.store.rows[0], 96)).partition("decision")[2]
        assert "529 [b]overloaded␛[2J; tried again after 0.5 s" in decision
        assert "local/middle-32b: 503 no capacity; fell back to spare/other-9b" in decision


def words_of(lines: list[Line]) -> str:
    return " ".join(" ".join("".join(text for text, _ in line) for line in lines).split())


async def test_the_filter_finds_what_was_retried_and_what_fell_back(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        failed(given.bus.publish)
        one, other = begin(given.bus.publish), begin(given.bus.publish)
        retried(given.bus.publish, one)
        fell_back(given.bus.publish, other)
        await ticked(dashboard, pilot)
        await pilot.press("slash", *"retried", "enter")
        assert [row.id for row in dashboard.store.view] == [one]
        await pilot.press("escape", "slash", *"fell-back", "enter")
        assert [row.id for row in dashboard.store.view] == [other]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_help_explains_the_marks(given: DashboardServices, size: tuple[int, int]) -> None:
    async with running(given, size) as (dashboard, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        shown = ""
        for _ in range(5):
            shown += screen_of(dashboard)
            await pilot.press("pagedown")
            await pilot.pause()
        for said in ("↻ ", "a call failed and was made again", "↳ ", "▼ DOWN", "fell-back"):
            assert said in shown


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["l", "r", "s", "L", "question_mark"])
async def test_every_screen_says_who_is_down_for_as_long_as_it_holds(
    given: DashboardServices, size: tuple[int, int], key: str
) -> None:
    async with running(given, size) as (dashboard, pilot):
        await pilot.press(key)
        await pilot.pause()
        assert "▼ DOWN  cloud" not in screen_of(dashboard)
        breaker(given.bus.publish, "cloud", "open", "529 [b]overloaded[/b]")
        await ticked(dashboard, pilot)
        line = screen_of(dashboard).splitlines()[1]
        assert line.startswith(" ▼ DOWN  cloud since ")
        assert "tried again in 30s" in line or "tried again in 29s" in line
        if size[0] >= 80:
            assert "last: 529 [b]overloaded" in line
        breaker(given.bus.publish, "cloud", "half-open")
        await ticked(dashboard, pilot)
        assert "being tried" in screen_of(dashboard).splitlines()[1]
        breaker(given.bus.publish, "cloud", "closed")
        await ticked(dashboard, pilot)
        assert "▼ DOWN  cloud" not in screen_of(dashboard)


async def test_the_seconds_until_the_next_try_run_down(
    given: DashboardServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(given) as (dashboard, pilot):
        start = time.time()
        breaker(given.bus.publish, "cloud", "open", at=start - 20)
        await ticked(dashboard, pilot)
        assert "tried again in 10s" in screen_of(dashboard).splitlines()[1] or (
            "tried again in 9s" in screen_of(dashboard).splitlines()[1]
        )
        monkeypatch.setattr("app.widgets.down.time.time", lambda: start + 11)
        await ticked(dashboard, pilot)
        assert "the next request tries it" in screen_of(dashboard).splitlines()[1]


_outages = st.lists(
    st.builds(
        Outage,
        provider=st.text(max_size=40),
        since=st.floats(0, 2e9),
        again=st.floats(0, 2e9),
        probing=st.booleans(),
        why=st.text(max_size=300),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda outage: outage.provider,
)


@over(_outages, st.integers(60, 300))
def test_any_number_of_providers_fits_any_width(outages: list[Outage], width: int) -> None:
    widget = Down()
    widget._outages = outages
    line = widget.line(width)
    assert width_of(line) <= width
    assert line[0][0] == " ▼ DOWN  "
    assert len(line) > 1


async def test_held_sessions_and_providers_that_are_down_each_have_their_line(
    given: DashboardServices,
) -> None:
    async with running(given, (60, 15)) as (dashboard, pilot):
        done(given.bus.publish)
        breaker(given.bus.publish, "local", "open")
        breaker(given.bus.publish, "cloud", "open")
        await ticked(dashboard, pilot)
        await pilot.press("4")
        await pilot.pause()
        lines = screen_of(dashboard).splitlines()
        assert "HELD" in lines[1] and "DOWN" in lines[2]
        assert "cloud" in lines[2] and "local" in lines[2]
        assert "middle-32b" in "\n".join(lines), "the feed keeps room"
        await pilot.press("r")
        await pilot.pause()
        shown = screen_of(dashboard)
        assert "Force-patterns" in shown and "effective on the next request" in shown


def toasts(dashboard: Dashboard) -> list[str]:
    return [note.message for note in dashboard._notifications]


async def test_a_toast_says_once_that_a_provider_is_down_and_once_that_it_is_back(
    given: DashboardServices,
) -> None:
    dashboard = Dashboard(given)
    async with dashboard.run_test(size=(80, 24), notifications=True) as pilot:
        breaker(given.bus.publish, "[b]cloud", "open")
        for state in ("half-open", "open", "half-open"):
            await ticked(dashboard, pilot)
            breaker(given.bus.publish, "[b]cloud", state)
        await ticked(dashboard, pilot)
        assert toasts(dashboard) == ["Provider down: [b]cloud"]
        assert "Provider down: [b]cloud" in screen_of(dashboard)
        assert [toast.has_class("-information") for toast in dashboard.screen.query(Toast)] == [
            True
        ]
        breaker(given.bus.publish, "[b]cloud", "closed")
        await ticked(dashboard, pilot)
        await ticked(dashboard, pilot)
        assert toasts(dashboard) == ["Provider down: [b]cloud", "Provider back: [b]cloud"]


async def test_many_providers_that_go_down_at_once_share_a_toast(
    given: DashboardServices,
) -> None:
    dashboard = Dashboard(given)
    async with dashboard.run_test(notifications=True) as pilot:
        for name in ("cloud", "local", "spare"):
            breaker(given.bus.publish, name, "open")
        await ticked(dashboard, pilot)
        assert toasts(dashboard) == ["Provider down: cloud, local, spare"]


@pytest.mark.parametrize("size", [(180, 45), (170, 40), (140, 18)])
async def test_the_feed_says_why_where_there_is_room(
    given: DashboardServices, size: tuple[int, int]
) -> None:
    async with running(given, size) as (dashboard, pilot):
        for reason in ("score", "force:greeting", "override", "pinned"):
            done(given.bus.publish, reason=reason)
        await ticked(dashboard, pilot)
        feed = text_of(live_of(dashboard).feed)
        for shown in ("why", "score", "greeting", "override", "pinned"):
            assert shown in feed


async def test_a_resize_of_a_screen_that_is_taken_down_is_nothing(
    given: DashboardServices,
) -> None:
    async with running(given) as (dashboard, _):
        assert isinstance(dashboard.screen, Room)
        await dashboard.screen.query("*").remove()
        dashboard.screen.on_resize()
