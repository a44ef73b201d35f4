"""The four themes: every colour can be told from its ground, and NO_COLOR wins over all."""

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from app.theme import CONTRAST, DARK, LIGHT, THEMES, TIERS, named
from classifier.tiers import Tier
from proxy.config_model import DashboardConfig
from tests.app import day
from tests.app.scene import done, services
from tests.app.screen import live_of, running, screen_of, text_of, ticked
from tests.support.snapshots import Snapshots

READ = 4.5  # WCAG AA for text
EASILY = 7.0  # WCAG AAA
CHOICES = DashboardConfig.model_json_schema()["properties"]["theme"]["enum"]


def _light(colour: Color) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
             for part in colour.normalized]  # fmt: skip
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours, from 1 to 21."""
    low, high = sorted(_light(Color.parse(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "least"), [(DARK, READ), (LIGHT, READ), (CONTRAST, EASILY)])
def test_what_is_to_be_read_stands_out(theme: Theme, least: float) -> None:
    inks = {
        name: theme.variables[name] for name in ("quiet", *(f"tier-{t.lower()}" for t in TIERS))
    }
    for name in ("foreground", "primary", "accent", "success", "warning", "error"):
        inks[name] = getattr(theme, name)
    weak = {
        (name, ground): round(contrast(ink, ground), 1)
        for name, ink in inks.items()
        for ground in (theme.background, theme.panel, theme.variables["selected"])
        if ground and contrast(ink, ground) < least
    }
    assert not weak


def test_each_theme_of_the_config_is_one_of_ours() -> None:
    assert {named(choice) for choice in CHOICES} == {"", *(theme.name for theme in THEMES)}


@pytest.mark.parametrize("choice", [choice for choice in CHOICES if choice != "auto"])
async def test_each_theme_draws_the_feed(tmp_path: Path, choice: str, snapshots: Snapshots) -> None:
    with day.standing_still():
        given = services(tmp_path, theme=named(choice))
        async with running(given) as (dashboard, pilot):
            day.told(given.bus.publish)
            for _ in range(2):
                await ticked(dashboard, pilot)
            assert all(tier.name in screen_of(dashboard) for tier in Tier)
            snapshots.hold(dashboard, f"theme-{choice}")


async def test_without_colours_no_theme_brings_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    given = services(tmp_path, theme="lynkr-dark")
    async with running(given) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        assert dashboard.theme == "lynkr-ansi"
        feed = text_of(live_of(dashboard).feed)
        assert "▌" in feed and "MEDIUM" in feed and "✓" in feed, "words and signs say it all"
