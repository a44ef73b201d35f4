"""What nobody should do to a screen: it stays alive, and does what it should right after."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.events import Paste
from textual.widgets import Input

from tests.app import day
from tests.app.scene import done, services
from tests.app.screen import running, screen_of, seen_by, ticked

MEGABYTE = "pasted/model\x1b[2J[b] " * 60_000
ROOMS = ("l", "r", "s", "b", "p", "L", "question_mark")
STORM = [(width, height) for width in (200, 84, 60, 59, 10, 1) for height in (50, 24, 15, 14, 1)]
# Where there is a field: the keys that lead to it, and those that lead out of it again.
FIELDS = {
    "filter": (("slash",), ("escape",)),
    "tier": (("r", "enter"), ("escape", "l")),
    "pattern": (("r", "a"), ("escape", "l")),
    "palette": (("colon",), ("escape",)),
}


@pytest.mark.parametrize("room", ROOMS)
async def test_a_storm_of_resizes_leaves_every_screen_alive(tmp_path: Path, room: str) -> None:
    given = services(tmp_path)
    async with running(given) as (dashboard, pilot):
        day.told(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press(room)
        before = screen_of(dashboard).splitlines()[0]
        for width, height in [*STORM, *reversed(STORM)]:
            await pilot.resize_terminal(width, height)
            dashboard.beat()
        await pilot.resize_terminal(120, 40)
        await ticked(dashboard, pilot)
        assert dashboard.failure is None
        assert screen_of(dashboard).splitlines()[0] == before


@pytest.mark.parametrize("field", FIELDS)
async def test_a_megabyte_is_more_than_a_field_takes(tmp_path: Path, field: str) -> None:
    given = services(tmp_path)
    table = given.routing.table
    into, out = FIELDS[field]
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press(*into)
        await pilot.pause()
        focused = dashboard.screen.focused
        assert isinstance(focused, Input)
        focused.post_message(Paste(MEGABYTE))
        await pilot.pause()
        assert len(focused.value) <= 2_000
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*out)
        await seen_by(pilot, "exchange")
        assert dashboard.failure is None
        assert given.routing.table is table


@pytest.mark.parametrize("key", ["j", "4", "enter", "space", "v", "d", "slash", "tab", "r", "R"])
async def test_a_key_pressed_a_thousand_times_is_nothing(tmp_path: Path, key: str) -> None:
    given = services(tmp_path)
    async with running(given, (80, 24)) as (dashboard, pilot):
        day.told(given.bus.publish)
        await ticked(dashboard, pilot)
        for _ in range(1000):
            dashboard.simulate_key(key)
        await pilot.pause()
        await pilot.press("escape", "escape", "l")
        await ticked(dashboard, pilot)
        assert dashboard.failure is None
        assert "lynkr" in screen_of(dashboard)


async def test_a_list_of_models_that_never_comes_holds_nothing_up(tmp_path: Path) -> None:
    async def never() -> dict[str, list[str]]:
        await asyncio.Event().wait()
        raise AssertionError

    given = replace(services(tmp_path), providers=never)
    async with running(given) as (dashboard, pilot):
        await pilot.press("r", "enter")
        await pilot.press("end", *"/x")
        await seen_by(pilot, "small-7b/x")
        await pilot.press("escape", "l")
        await seen_by(pilot, "No requests yet")
