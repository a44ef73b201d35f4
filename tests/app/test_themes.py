"""The four themes: every colour can be told from its ground, and NO_COLOR wins over all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from app.theme import CONTRAST, DARK, LIGHT, THEMES, TIERS, named, rounded
from classifier.tiers import Tier
from proxy.config.model import DashboardConfig
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


def in_256(colour: str) -> str:
    """As a terminal of 256 colours shows it."""
    parsed = Color.parse(colour).rich_color.downgrade(ColorSystem.EIGHT_BIT)
    return parsed.get_truecolor().hex


def inks_of(theme: Theme) -> dict[str, str]:
    named = ("quiet", *(f"tier-{tier.lower()}" for tier in TIERS))
    others = ("foreground", "primary", "accent", "success", "warning", "error")
    own = {name: theme.variables[name] for name in named}
    return own | {name: getattr(theme, name) for name in others}


def weak(theme: Theme, least: float, seen: Callable[[str], str] = str) -> dict[Any, float]:
    """What can't be read well on one of the grounds, `seen` as a terminal shows colours."""
    grounds = (theme.background, theme.panel, theme.variables["selected"])
    return {
        (name, ground): round(ratio, 1)
        for name, ink in inks_of(theme).items()
        for ground in grounds
        if ground and (ratio := contrast(seen(ink), seen(ground))) < least
    }


READABLE = [(DARK, READ), (LIGHT, READ), (CONTRAST, EASILY)]


@pytest.mark.parametrize(("theme", "least"), READABLE)
def test_what_is_to_be_read_stands_out(theme: Theme, least: float) -> None:
    assert not weak(theme, least)


@pytest.mark.parametrize(("theme", "least"), READABLE)
def test_it_stands_out_in_256_colours_too(theme: Theme, least: float) -> None:
    assert not weak(rounded(theme), least, in_256)


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST])
def test_in_256_colours_tiers_differ_and_the_selected_line_does(theme: Theme) -> None:
    few = rounded(theme)
    tiers = {in_256(few.variables[f"tier-{tier.lower()}"]) for tier in TIERS}
    assert len(tiers) == len(TIERS)
    assert in_256(few.variables["selected"]) != in_256(few.background or "")


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_in_256_colours_lines_and_grounds_are_grey(theme: Theme) -> None:
    for name in ("selected", "border", "faint", "scrollbar", "block-cursor-background"):
        red, green, blue = Color.parse(in_256(rounded(theme).variables[name])).rgb
        assert red == green == blue, name


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
        painted = live_of(dashboard).feed.render_line(0)
        for line_filter in dashboard.get_line_filters():
            painted = painted.apply_filter(line_filter, Color(0, 0, 0))
        inks = [ink for _, style, _ in painted if style for ink in (style.color, style.bgcolor)]
        assert all(ink is None or ink.is_default for ink in inks), "black on black"
        feed = text_of(live_of(dashboard).feed)
        assert "▌" in feed and "MEDIUM" in feed and "✓" in feed, "words and signs say it all"
