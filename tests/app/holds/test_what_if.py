"""A change of the routes is tried on past traffic before it is saved, and says what would come."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from app.holds.what_if import WhatIf
from app.house import house_of
from app.screens.routing import RoutingScreen
from app.services import DashboardServices
from app.widgets.cuts import Cuts
from app.widgets.heading import Heading
from app.widgets.note import Note
from app.widgets.outcome import OutcomeTable
from app.widgets.tier_editor import TierEditor
from app.widgets.weights import NAMES, Weights
from classifier.ask import Ask, Turn
from classifier.decide import weighed
from classifier.features import extract
from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.bus import Listener
from proxy.config.edit import ConfigFile
from proxy.config.load import load, table_of
from proxy.house import House
from proxy.ledger.ledger import Ledger
from proxy.past.rescore import recent
from proxy.paths import DataFiles
from proxy.providers.http import new_session
from tests.app import day
from tests.app.scene import done, services
from tests.app.screen import SIZES, running, screen_of, text_of

CONFIG = """\
[providers.local]
kind = "ollama"
[providers.cloud]
kind = "openai_compatible"
base_url = "http://127.0.0.1:9/v1"

[tiers]
SIMPLE = "local/small-7b"
MEDIUM = "local/middle-32b"
COMPLEX = "cloud/large-5"
REASONING = "cloud/deep-5"

[classifier]
boundaries = [20, 51, 76]
[classifier.weights]  # by hand, in spring
token_count = 0.10
prompt_complexity = 0.14
technical_depth = 0.05
domain_specificity = 0.12
tool_count = 0.02
tool_complexity = 0.01
tool_chain_potential = 0.04
multi_step_reasoning = 0.21  # less than shipped
code_generation = 0.06
analysis_depth = 0.14
conversation_depth = 0.02
prior_tool_usage = 0.04
ambiguity = 0.05

[prices]
"local/small-7b" = { input = 0, output = 0 }
"local/middle-32b" = { input = 100, output = 100 }
"cloud/large-5" = { input = 1000, output = 4000 }
"""
EASY = "What is a list in Python?"
PLAIN = "Compare REST and GraphQL for a mobile app and explain which trade-offs matter"
HARD = "Prove step by step that every bounded monotonic sequence of reals converges"
ASKS = (EASY,) * 5 + (PLAIN,) * 3 + (HARD,) * 2


def ask(tell: Listener, words: str, reason: str = "") -> None:
    """An exchange that went well: the person asked for `words`."""
    features = extract(Ask((Turn("user", words),)))
    verdict = weighed(features, weights=WEIGHTS)
    done(
        tell,
        tier=verdict.tier,
        reason=reason or verdict.reason,
        score=verdict.score.total,
        features=features,
        cost=0.01,
        cost_asked=0.05,
        at=day.AT,
    )


@contextmanager
def written(house: House) -> Iterator[Ledger]:
    """What is told on the bus stands in the ledger afterwards."""
    ledger = Ledger(house.ledger_path)
    house.bus.on_end(ledger.note)
    try:
        yield ledger
    finally:
        assert ledger.close(10)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
async def house(tmp_path: Path, config: Path) -> AsyncIterator[House]:
    async with new_session() as session:
        yield house_of(ConfigFile(config), DataFiles(tmp_path / "data"), session)


@pytest.fixture
def given(tmp_path: Path, house: House, config: Path) -> DashboardServices:
    """A dashboard's services around a real TOML file and a real ledger with ten requests."""
    with written(house):
        for words in ASKS:
            ask(house.bus.publish, words)
    return replace(
        services(tmp_path, config_path=config, what_if=WhatIf(house)),
        bus=house.bus,
        routing=house.routing,
        save=house.save,
    )


WEIGHTS = {
    name: float(rest.split("#")[0])
    for name, _, rest in (line.partition(" = ") for line in CONFIG.splitlines())
    if name in NAMES
}


@asynccontextmanager
async def routing(
    given: DashboardServices, size: tuple[int, int] = (120, 40), rows: int = 10
) -> AsyncIterator[tuple[RoutingScreen, Pilot[None]]]:
    """The routing screen, once it knows its history."""
    async with running(given, size) as (dashboard, pilot):
        await pilot.press("r")
        await pilot.pause()
        screen = dashboard.screen
        assert isinstance(screen, RoutingScreen)
        await until(screen, pilot, lambda: screen.found is not None and screen.found.rows == rows)
        yield screen, pilot


async def until(screen: RoutingScreen, pilot: Pilot[None], holds) -> None:
    for _ in range(1000):
        await pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never came to that:\n{screen_of(pilot.app)}")


def note(screen: RoutingScreen, name: str) -> str:
    return screen.query_one(f"#on-{name}", Heading).note


def table(screen: RoutingScreen) -> str:
    return text_of(screen.query_one(OutcomeTable))


def tiers_of(house: House) -> list[Tier]:
    return [past.tier for past in recent(house.ledger_path)]


def test_the_requests_of_this_file_come_to_three_tiers(given, house):
    assert sorted(set(tiers_of(house))) == [Tier.SIMPLE, Tier.MEDIUM, Tier.COMPLEX]
    assert tiers_of(house).count(Tier.SIMPLE) == 5
    assert tiers_of(house).count(Tier.MEDIUM) == 3


async def test_a_boundary_that_is_drafted_says_who_would_move_and_what_it_would_cost(given, house):
    async with routing(given) as (screen, pilot):
        await pilot.press("tab", *["shift+right"] * 7)  # SIMPLE up to 50
        await until(screen, pilot, lambda: "3 of 10 move" in note(screen, "outcome"))
        said = table(screen)
        assert "MEDIUM → SIMPLE" in said
        assert "cost  $0.1000 → ~$0.0700" in said, "three that cost a cent each would be free"
        assert given.routing.table.boundaries == (20, 51, 76), "nothing is in force yet"
        await pilot.press("escape")
        await until(screen, pilot, lambda: not screen.query_one(OutcomeTable).display)


async def test_weights_move_by_arrow_keys_the_histogram_with_them_and_are_saved(given, config):
    async with routing(given) as (screen, pilot):
        before = screen.spread
        at = NAMES.index("token_count")
        await pilot.press("tab", "tab", *["down"] * at, "shift+right", "shift+right", "left")
        sliders = screen.query_one(Weights)
        assert sliders.draft["token_count"] == pytest.approx(0.19)
        assert "sum 1.09, must be 1" in note(screen, "weights")
        await until(screen, pilot, lambda: screen.spread != before)
        await pilot.press("enter")
        await until(screen, pilot, lambda: "sum to 1" in screen_of(pilot.app))
        assert given.routing.table.weights == WEIGHTS, "what does not sum to 1 is not in force"
        await pilot.press("equals_sign", "enter")
        await until(screen, pilot, lambda: given.routing.table.weights != WEIGHTS)
        assert not sliders.drafted
        await pilot.press("u")
        await until(screen, pilot, lambda: given.routing.table.weights == WEIGHTS)
        await pilot.press("ctrl+r")
        await until(screen, pilot, lambda: given.routing.table.weights != WEIGHTS)
    saved = config.read_text()
    assert "[classifier.weights]  # by hand, in spring" in saved
    assert "# less than shipped" in saved
    assert "token_count = 0.19" in saved
    assert table_of(load(config)) == given.routing.table


async def test_weights_changed_in_the_file_show_up_and_take_the_place_of_a_draft(given):
    async with routing(given) as (screen, pilot):
        await pilot.press("tab", "tab", "right")
        given.routing.replace(replace(given.routing.table, weights=None), by="file")
        await until(screen, pilot, lambda: "as shipped" in note(screen, "weights"))
        assert not screen.query_one(Weights).drafted


async def test_another_model_for_a_tier_is_tried_while_it_is_typed(given):
    async with routing(given) as (screen, pilot):
        await pilot.press("enter")
        field = pilot.app.focused
        assert isinstance(field, Input)
        field.value = "local/middle-32b"
        await until(screen, pilot, lambda: "5 of 10 move" in note(screen, "outcome"))
        assert "SIMPLE elsewhere" in table(screen)
        field.value = "cloud/deep-5"
        await until(screen, pilot, lambda: "no price known" in table(screen))
        await pilot.press("escape")
        await until(screen, pilot, lambda: not screen.query_one(OutcomeTable).display)
    assert given.routing.table.tiers[Tier.SIMPLE].model == "small-7b"


async def test_requests_that_nobody_can_decide_again_are_told_of(given, house):
    with written(house):
        for reason in ("override", "header", "force:greeting"):
            ask(house.bus.publish, PLAIN, reason)
    async with routing(given, rows=13) as (screen, pilot):
        await pilot.press("tab", *["shift+right"] * 7)
        await until(screen, pilot, lambda: "3 of 13 move" in note(screen, "outcome"))
        assert "3 decided by a pattern, a person or an escalation stay" in table(screen)


async def test_a_pattern_that_is_written_says_whom_its_tier_would_move(given, house):
    mine = ForcePattern("mine", "compare", Tier.MEDIUM)
    given.routing.replace(replace(given.routing.table, patterns=(mine,)))
    with written(house):
        ask(house.bus.publish, PLAIN, "force:mine")
    async with routing(given, rows=11) as (screen, pilot):
        await pilot.press("tab", "tab", "tab", "enter", "tab", "tab", "left")
        seen = pilot.app.screen.query_one("#note-forecast", Note)
        await until(screen, pilot, lambda: "would move MEDIUM → SIMPLE 1" in seen.text)
        await pilot.press("shift+tab", "x")
        await until(screen, pilot, lambda: "nobody can tell" in seen.text)
        await pilot.press("escape")


async def test_traffic_that_comes_in_is_counted_in(given, house):
    async with routing(given) as (screen, pilot):
        with written(house):
            ask(house.bus.publish, EASY)
        await until(screen, pilot, lambda: screen.found is not None and screen.found.rows == 11)


async def test_without_history_it_says_so_and_edits_go_on(tmp_path, house, config):
    empty = replace(
        services(tmp_path, config_path=config, what_if=WhatIf(house)), routing=house.routing
    )
    async with routing(empty, rows=0) as (screen, pilot):
        await pilot.press("tab", "right")
        await until(screen, pilot, lambda: "No history to try it on" in table(screen))
        await pilot.press("enter")
        await until(screen, pilot, lambda: empty.routing.table.boundaries == (21, 51, 76))


async def test_prices_and_states_stand_beside_the_tiers_and_the_completions(given):
    async with routing(given) as (screen, pilot):
        lines = "\n".join
        await until(screen, pilot, lambda: "$100.00 in, $100.00 out" in screen_of(pilot.app))
        seen = lines(screen_of(pilot.app).splitlines()[:8])
        assert "no price known" in seen, "deep-5 has none"
        assert "not called yet" in seen
        await pilot.press("enter")
        field = pilot.app.focused
        assert isinstance(field, Input)
        field.value = "large"
        await until(screen, pilot, lambda: "cloud/large-5 $1000/$4000" in screen_of(pilot.app))


async def test_the_mouse_opens_a_panel_picks_a_tier_and_moves_a_slider_and_a_boundary(given):
    async with routing(given) as (screen, pilot):
        await pilot.click("#on-weights")
        assert screen.focused is screen.query_one(Weights)
        await pilot.click("#weights", offset=(40, 1))
        sliders = screen.query_one(Weights)
        assert NAMES[sliders.picked] == "prompt_complexity"
        assert sliders.draft["prompt_complexity"] > 0.3
        await pilot.press("escape")
        await pilot.click("#tiers", offset=(3, 2))
        assert screen.query_one(TierEditor).cursor == 2
        cuts = screen.query_one(Cuts)
        await pilot.click("#cuts", offset=(36, cuts.size.height - 2))
        assert cuts.draft == (30, 51, 76)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("panel", ["cuts", "weights"])
async def test_a_draft_and_what_it_would_do_stand_on_the_screen_at_each_size(
    given, size, panel, snapshots
):
    async with routing(replace(given, config_path=None), size) as (screen, pilot):
        to_panel = ["tab"] if panel == "cuts" else ["tab", "tab"]
        await pilot.press(*to_panel, *["shift+right"] * 6)
        await until(screen, pilot, lambda: "of 10 move" in note(screen, "outcome"))
        shown = screen_of(pilot.app)
        for words in ("Boundaries", "Weights", "What if", "of 10 move", "$0.1000 → ~$"):
            assert words in shown
        assert "saved" in shown or size[1] < 20
        assert "█" in shown, "the histogram shows scores"
        screen.beat()
        await pilot.pause()
        snapshots.hold(pilot.app, f"routing-{panel}-drafted")
        assert screen.query_one(f"#{panel}").size.height >= 3
        assert screen.query_one(Cuts).size.height >= 2


async def test_a_key_held_down_is_answered_for_the_last_draft_alone(given):
    async with routing(given) as (screen, pilot):
        await pilot.press("tab")
        for _ in range(300):
            pilot.app.post_message(events.Key("right", None))
        await until(screen, pilot, lambda: screen.query_one(Cuts).draft == (50, 51, 76))
        await until(screen, pilot, lambda: "3 of 10 move" in note(screen, "outcome"))


async def test_ten_thousand_requests_are_judged_without_holding_up_the_loop(house):
    with written(house) as ledger:
        for number in range(10_000):
            ask_again(house.bus.publish, number)
            assert number % 1_000 or ledger.flush(20)
    what_if = WhatIf(house)
    assert await what_if.load()
    asked = replace(house.routing.table, boundaries=(30, 51, 76))
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    async with asyncio.TaskGroup() as group:
        counting = group.create_task(count())
        await asyncio.sleep(0)
        began, turns = time.process_time(), 0
        first = group.create_task(what_if.outcome(house.routing.table, asked))
        answer = await first
        took = time.process_time() - began
        counting.cancel()
    assert (answer.rows, answer.moved) == (10_000, 0)
    assert turns > 5, "the loop goes on meanwhile"
    assert took < 2.0, f"{took:.2f} s of processor time"


async def test_a_question_that_is_dropped_lets_the_next_one_be_answered(given, house):
    what_if, table = WhatIf(house), house.routing.table
    await what_if.load()
    drafts = [replace(table, boundaries=(cut, 51, 76)) for cut in range(30, 50)]
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(what_if.outcome(table, draft)) for draft in drafts]
        await asyncio.sleep(0)
        for older in asked[:-1]:
            older.cancel()
    assert [task.cancelled() for task in asked] == [True] * 19 + [False]
    assert (await asked[-1]).rows == 10


FEATURES = [extract(Ask((Turn("user", words),))) for words in (EASY, PLAIN, HARD)]
VERDICTS = [weighed(features, weights=WEIGHTS) for features in FEATURES]


def ask_again(tell: Listener, number: int) -> None:
    """One of three requests, measured before."""
    verdict = VERDICTS[number % 3]
    features = FEATURES[number % 3]
    done(tell, tier=verdict.tier, reason=verdict.reason, features=features, cost=0.01)
