"""Keys that hold a session, or all of them, to a tier."""

from pathlib import Path

import pytest

from app.services import DashboardServices
from classifier.tiers import Tier
from tests.app.scene import done, services
from tests.app.screen import running, screen_of, ticked


@pytest.fixture
def given(tmp_path: Path) -> DashboardServices:
    return services(tmp_path)


@pytest.mark.parametrize(("key", "tier"), [(str(tier + 1), tier) for tier in Tier])
async def test_keys_hold_the_selected_session_to_a_tier(
    given: DashboardServices, key: str, tier: Tier
) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish, session="aaaaaaaa")
        done(given.bus.publish, session="bbbbbbbb")
        await ticked(dashboard, pilot)
        await pilot.press("k", key)
        assert dict(given.routing.table.overrides) == {"aaaaaaaa": tier}
        await ticked(dashboard, pilot)
        banner = screen_of(dashboard).splitlines()[1]
        assert "HELD" in banner and "aaaaaa" in banner and tier.name in banner
        assert "0 releases" in banner
        await pilot.press("j", "0")
        assert dict(given.routing.table.overrides) == {"aaaaaaaa": tier}, "not its session"
        await pilot.press("k", "0")
        assert dict(given.routing.table.overrides) == {}
        await ticked(dashboard, pilot)
        assert "HELD" not in screen_of(dashboard)


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_banner_is_never_cut_off(given: DashboardServices, width: int) -> None:
    async with running(given, (width, 24)) as (dashboard, pilot):
        table = given.routing.table
        for count in range(1, 30):
            table = table.with_override(f"{count:06}", Tier.REASONING)
            given.routing.replace(table)
            await ticked(dashboard, pilot)
            banner = screen_of(dashboard).splitlines()[1]
            assert banner.endswith(" all"), banner
            assert f"{count:06}" in banner, "the newest is named"


async def test_one_key_lets_every_session_go(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        table = given.routing.table
        for number in range(30):
            table = table.with_override(f"session-{number}", Tier.SIMPLE)
        given.routing.replace(table)
        await ticked(dashboard, pilot)
        assert "more" in screen_of(dashboard).splitlines()[1]
        await pilot.press("a")
        assert dict(given.routing.table.overrides) == {}


async def test_shift_and_a_tier_hold_every_other_session(given: DashboardServices) -> None:
    async with running(given) as (dashboard, pilot):
        await pilot.press("dollar_sign")
        assert given.routing.table.override_of("a session to come") is Tier.REASONING
        await ticked(dashboard, pilot)
        banner = screen_of(dashboard).splitlines()[1]
        assert "all sessions → REASONING    0 releases the selected, a releases all" in banner
        await pilot.press("a")
        assert given.routing.table.override_of("a session to come") is None


async def test_steering_without_an_exchange_changes_nothing(given: DashboardServices) -> None:
    before = given.routing.table
    async with running(given) as (dashboard, pilot):
        await pilot.press("4", "0", "a", "j", "k", "G", "g", "enter", "escape", "space", "F")
        assert given.routing.table is before
        assert dashboard.failure is None
