"""The routing screen: edits are saved, in force at once, and refused with a reason."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from app.dashboard import Dashboard
from app.screens.routing import RoutingScreen
from app.services import DashboardServices
from app.widgets.cuts import Cuts
from app.widgets.force_form import ForceForm
from app.widgets.force_table import ForceTable
from app.widgets.heading import Heading
from app.widgets.note import Note
from app.widgets.tier_editor import TierEditor
from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.config.edit import ConfigFile
from proxy.config.load import load, table_of
from proxy.routing.table import Routing, Target
from tests.app.scene import done, services
from tests.app.screen import SIZES, screen_of, text_of

CONFIG = """\
# My models, do not touch this comment.
[providers.local]
kind = "ollama"
base_url = "http://127.0.0.1:11434"

[tiers]  # small things stay at home
SIMPLE = "local/small"
MEDIUM = "local/middle"    # good enough for edits
COMPLEX = "local/large"
REASONING = "local/deep"

[classifier]
boundaries = [20, 51, 76]  # measured in spring

# Greetings first.
[[force]]
name = "greeting"
pattern = '^hello'
tier = "SIMPLE"

[[force]]
name = "proof"
pattern = 'prove'
tier = "REASONING"  # always
"""
TO_FORCES = ("tab", "tab", "tab")
COMMENTS = [line.partition("#")[2] for line in CONFIG.splitlines() if "#" in line]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def given(tmp_path: Path, config: Path) -> DashboardServices:
    """A dashboard's services around a real TOML file."""
    file = ConfigFile(config)
    return replace(
        services(tmp_path, config_path=config),
        routing=Routing(table_of(file.config)),
        save=file.save,
    )


@asynccontextmanager
async def routing(
    given: DashboardServices, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[RoutingScreen, Pilot[None]]]:
    dashboard = Dashboard(given)
    async with dashboard.run_test(size=size) as pilot:
        await pilot.press("r")
        await pilot.pause()
        assert isinstance(dashboard.screen, RoutingScreen)
        yield dashboard.screen, pilot


def seen(pilot: Pilot[None]) -> str:
    """What stands on the whole screen."""
    assert isinstance(pilot.app, Dashboard)
    return screen_of(pilot.app)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait for what a thread or a timer brings about."""
    for _ in range(100):
        await pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never came to that:\n{seen(pilot)}")


async def write(pilot: Pilot[None], text: str) -> None:
    """Replace what stands in the focused field."""
    field = pilot.app.focused
    assert isinstance(field, Input)
    field.value = text
    await pilot.pause()


def state(screen: RoutingScreen) -> str:
    return screen.query_one("#state", Note).text


async def test_a_tier_edited_in_place_is_in_force_and_saved_with_the_comments_kept(given, config):
    async with routing(given) as (screen, pilot):
        await pilot.press("down", "enter")
        await write(pilot, "local/other:70b")
        await pilot.press("enter")
        await until(pilot, lambda: given.routing.table.tiers[Tier.MEDIUM].model == "other:70b")
        await pilot.pause()
        assert "MEDIUM → local/other:70b" in state(screen)
    text = config.read_text()
    assert 'MEDIUM = "local/other:70b"' in text
    assert [line.partition("#")[2] for line in text.splitlines() if "#" in line] == COMMENTS
    assert table_of(load(config)) == given.routing.table


@pytest.mark.parametrize(
    ("typed", "why"),
    [("nonsense", "not provider/model"), ("local/a b", "no spaces"), ("lokal/x", "not configured")],
)
async def test_a_wrong_target_says_why_beside_the_field_and_changes_nothing(
    given, config, typed, why
):
    before = given.routing.table
    async with routing(given) as (screen, pilot):
        await pilot.press("enter")
        await write(pilot, typed)
        assert " enter Save  tab Next model  esc Drop" in seen(pilot)
        await pilot.press("enter")
        note = screen.query_one(TierEditor).query_one(Note)
        await until(pilot, lambda: why in note.text)
        assert why in " ".join(seen(pilot).split())
        await pilot.press("escape")
        await pilot.pause()
        assert screen.focused is screen.query_one(TierEditor)
    assert given.routing.table is before
    assert config.read_text() == CONFIG


async def test_what_cannot_be_saved_is_not_put_in_force(given, config):
    before = given.routing.table
    config.write_text("this is [ not TOML")
    async with routing(given) as (screen, pilot):
        await pilot.press(*TO_FORCES, "space")
        await until(pilot, lambda: "not TOML" in state(screen))
        assert given.routing.table is before


async def test_models_that_providers_list_complete_a_tier(given):
    async def listed() -> dict[str, list[str]]:
        return {"local": ["qwen:7b", "qwen:32b", "llama[b]:8b"]}

    async with routing(replace(given, providers=listed)) as (screen, pilot):
        await until(pilot, lambda: "3 models" in screen.query_one("#on-tiers", Heading).note)
        await pilot.press("enter")
        await write(pilot, "qw")
        assert "local/qwen:7b  local/qwen:32b" in screen.query_one(TierEditor).query_one(Note).text
        await pilot.press("down", "down", "enter")
        await until(
            pilot, lambda: given.routing.table.tiers[Tier.SIMPLE] == Target("local", "qwen:32b")
        )


async def test_providers_that_never_answer_or_refuse_leave_the_screen_alive(given):
    async def never() -> dict[str, list[str]]:
        await asyncio.Event().wait()
        return {}

    async def refuse() -> dict[str, list[str]]:
        raise OSError("no route")

    async with routing(replace(given, providers=never)) as (screen, pilot):
        await pilot.press("down")
        assert screen.query_one(TierEditor).cursor == 1
    async with routing(replace(given, providers=refuse)) as (screen, pilot):
        await until(pilot, lambda: "did not list" in screen.query_one("#on-tiers", Heading).note)


async def test_arrow_keys_move_a_boundary_enter_puts_it_in_force(given, config):
    for score in (19.0, 22.0, 60.0):
        done(given.bus.publish, score=score)
    async with routing(given) as (screen, pilot):
        for score in (19.0, 22.0, 60.0):
            done(given.bus.publish, score=score)
        await pilot.press("tab", "shift+right", "left")
        await until(pilot, lambda: "enter saves" in screen.query_one("#on-cuts", Heading).note)
        assert given.routing.table.boundaries == (20, 51, 76)
        assert screen.query_one(Cuts).draft == (24, 51, 76)
        await pilot.press("enter")
        await until(pilot, lambda: given.routing.table.boundaries == (24, 51, 76))
    assert "boundaries = [24, 51, 76]  # measured in spring" in config.read_text()


async def test_a_dropped_draft_changes_nothing(given, config):
    before = given.routing.table
    async with routing(given) as (screen, pilot):
        await pilot.press("tab", "down", *["right"] * 60, "escape", "enter")
        await pilot.pause()
        assert screen.query_one(Cuts).draft == before.boundaries
    assert given.routing.table is before
    assert config.read_text() == CONFIG


async def test_a_pattern_is_written_tried_and_added(given, config):
    async with routing(given) as (_, pilot):
        await pilot.press("a", *"audit", "tab")
        await write(pilot, r"\baudit\b")
        await pilot.press("tab", "right", "right", "tab")
        await write(pilot, "please audit this")
        form = pilot.app.screen
        assert isinstance(form, ForceForm)
        assert "✓ matches" in form.query_one("#note-trial", Note).text
        await pilot.press("enter")
        await until(pilot, lambda: len(given.routing.table.patterns) == 3)
        await until(pilot, lambda: isinstance(pilot.app.screen, RoutingScreen))
        assert "audit" in text_of(pilot.app.screen.query_one(ForceTable))
    added = ForcePattern("audit", r"\baudit\b", Tier.COMPLEX)
    assert given.routing.table.patterns[-1] == added
    assert table_of(load(config)).patterns[-1] == added


async def test_a_bad_pattern_says_why_beside_its_field_and_changes_nothing(given, config):
    before = given.routing.table
    async with routing(given) as (_, pilot):
        await pilot.press(*TO_FORCES, "enter", "tab")
        await write(pilot, "(never closed")
        form = pilot.app.screen
        assert "missing )" in form.query_one("#note-pattern", Note).text
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.screen is form
        await pilot.press("escape")
        await pilot.pause()
    assert given.routing.table is before
    assert config.read_text() == CONFIG


async def test_a_name_that_is_taken_is_refused_beside_the_name(given):
    async with routing(given) as (_, pilot):
        await pilot.press("a", *"proof", "tab", *"x", "enter")
        await until(
            pilot,
            lambda: "already" in pilot.app.screen.query_one("#note-name", Note).text,
        )
        assert len(given.routing.table.patterns) == 2


async def test_patterns_are_switched_reordered_and_deleted(given, config):
    def names() -> list[str]:
        return [rule.name for rule in given.routing.table.patterns]

    async with routing(given) as (screen, pilot):
        await pilot.press(*TO_FORCES, "space")
        await until(pilot, lambda: not given.routing.table.patterns[0].enabled)
        assert "off" in text_of(screen.query_one(ForceTable))
        await pilot.press("J")
        await until(pilot, lambda: names() == ["proof", "greeting"])
        assert screen.query_one(ForceTable).cursor == 1
        await pilot.press("shift+up")
        await until(pilot, lambda: names() == ["greeting", "proof"])
        await pilot.press("d")
        await until(pilot, lambda: names() == ["proof"])
    assert [rule.name for rule in table_of(load(config)).patterns] == ["proof"]


async def test_undo_and_redo_walk_through_the_tables_and_save_each(given, config):
    first = given.routing.table
    async with routing(given) as (screen, pilot):
        await pilot.press(*TO_FORCES, "d")
        await until(pilot, lambda: len(given.routing.table.patterns) == 1)
        second = given.routing.table
        given.routing.replace(second.with_override("s1", Tier.REASONING))
        await pilot.press("u")
        await until(pilot, lambda: given.routing.table.patterns == first.patterns)
        assert given.routing.table.override_of("s1") == Tier.REASONING
        assert table_of(load(config)) == first
        await pilot.press("ctrl+r")
        await until(pilot, lambda: given.routing.table.patterns == second.patterns)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "nothing to redo" in state(screen))


async def test_a_change_from_elsewhere_shows_and_can_be_undone(given):
    before = given.routing.table
    async with routing(given) as (screen, pilot):
        given.routing.replace(before.with_tier(Tier.SIMPLE, Target("local", "from-the-file")))
        await until(pilot, lambda: "local/from-the-file" in seen(pilot))
        assert "changed elsewhere" in state(screen)
        await pilot.press("u")
        await until(pilot, lambda: given.routing.table.tiers == before.tiers)


async def test_patterns_count_how_often_they_decided(given):
    async with routing(given) as (screen, pilot):
        for _ in range(3):
            done(given.bus.publish, reason="force:proof")
        table = screen.query_one(ForceTable)
        await until(pilot, lambda: table.rows[1][3][0] == "3")
        assert table.rows[0][3][0] == "0"


@pytest.mark.parametrize("size", SIZES)
async def test_everything_stands_on_the_screen_at_each_size(given, size):
    async with routing(given, size) as (screen, pilot):
        done(given.bus.publish, score=30.0)
        await until(pilot, lambda: "100%" in seen(pilot) or size[0] < 80)
        shown = seen(pilot)
        for words in ("local/deep", "REASONING", "51", "76", "greeting", "next request"):
            assert words in shown
        assert screen.query_one(ForceTable).size.height >= 2


async def test_markup_from_outside_is_drawn_as_it_stands(given):
    rule = ForcePattern("[b]x[/b]", "[red]|\x1b]", Tier.SIMPLE)
    given.routing.replace(replace(given.routing.table, patterns=(rule,)))
    async with routing(given) as (_, pilot):
        await until(pilot, lambda: "[b]x[/b]" in seen(pilot))
        assert "\x1b" not in seen(pilot)
        await pilot.press(*TO_FORCES, "enter")
        await pilot.pause()
        assert "[b]x[/b]" in seen(pilot)


async def test_a_huge_paste_and_a_thousand_keys_leave_it_alive(given):
    async with routing(given) as (screen, pilot):
        await pilot.press("tab")
        for _ in range(1000):
            pilot.app.post_message(events.Key("right", None))
        await until(pilot, lambda: screen.query_one(Cuts).draft == (50, 51, 76))
        assert screen.query_one(Cuts).draft == (50, 51, 76)
        await pilot.press("escape", "a")
        field = pilot.app.focused
        assert field is not None
        field.post_message(events.Paste("(" * 1_000_000))
        await pilot.pause()
        await pilot.press("escape")
        await pilot.resize_terminal(61, 16)
        await until(pilot, lambda: isinstance(pilot.app.screen, RoutingScreen))
