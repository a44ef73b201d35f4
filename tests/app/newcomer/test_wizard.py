"""The wizard of `lynkr-tui init`: it only asks, and writes nothing before its last step."""

import asyncio
import os
from pathlib import Path

import pytest
from textual.widgets import Input

from app.commands.options import Options
from app.newcomer.found import Account, Found
from app.newcomer.wizard.app import Wizard
from app.newcomer.wizard.preview import PAGES, PreviewStep
from app.newcomer.wizard.step import NAMES
from app.widgets.tier_editor import TierEditor
from app.wrap.clients import CLIENTS
from classifier.tiers import Tier
from proxy.config.load import load
from proxy.providers.probe import Probe
from tests.app.newcomer.test_init import KEY, LOCAL, init, lists, on_terminal, place
from tests.app.newcomer.test_models import ANTHROPIC
from tests.app.newcomer.walking import add, opened, seen, step_of, to_step, until
from tests.support.upstream import Upstream

SIZES = [(120, 40), (80, 24)]
COMPATIBLE = "anthropic_compatible"


@pytest.mark.parametrize("size", SIZES)
async def test_accepting_what_is_proposed_writes_what_the_plain_init_writes(
    home: Path, local: Upstream, size: tuple[int, int]
):
    plain = await init(home, "--dry-run", OLLAMA_HOST=os.environ["OLLAMA_HOST"])
    async with opened(home, size) as (wizard, pilot):
        for name in NAMES:
            await to_step(wizard, pilot, name)
            assert not place(home).exists()
        await pilot.press("enter")
        await until(pilot, lambda: wizard.return_value is not None)
        assert wizard.return_value is True
    assert place(home).read_text() == plain.stdout
    assert place(home).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", SIZES)
async def test_each_provider_has_its_health_and_its_models_beside_it(
    home: Path, local: Upstream, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
):
    async with lists(*ANTHROPIC, key="another") as vendor, opened(home, size) as (wizard, pilot):
        assert "lists 3 models" in seen(wizard) and "1 ready" in seen(wizard)
        assert all(name in seen(wizard) for name in LOCAL)
        monkeypatch.setenv("MY_KEY", KEY)
        await add(wizard, pilot, kind=COMPATIBLE, variable="MY_KEY", url=vendor.url)
        await until(pilot, lambda: "refuses the key (401)" in seen(wizard))
        assert "1 ready" in seen(wizard) and KEY not in seen(wizard)


@pytest.mark.parametrize("size", SIZES)
async def test_no_line_is_cut_and_no_step_is_empty(
    home: Path, local: Upstream, size: tuple[int, int]
):
    async with opened(home, size) as (wizard, pilot):
        for name in NAMES:
            await to_step(wizard, pilot, name)
            text = seen(wizard)
            assert "…" not in text and f"{NAMES.index(name) + 1} {name}" in text
            assert len([line for line in text.splitlines() if line.strip()]) > 8
            assert text.splitlines()[-1].strip().startswith("enter Go on")


@pytest.mark.parametrize(("size", "times"), [((60, 15), 1), ((120, 40), 2)])
async def test_how_one_was_found_stands_whole_or_not_beside_it(
    home: Path, size: tuple[int, int], times: int
):
    runs = "it runs at http://127.0.0.1:11434"

    async def here() -> Found:
        return Found((Account("ollama", runs, probe=Probe(True, 200, LOCAL)),))

    wizard = Wizard(Options(data=home / "data"), look=here)
    async with wizard.run_test(size=size) as pilot:
        await until(pilot, lambda: "lists" in seen(wizard))
        assert seen(wizard).count(runs) == seen(wizard).count("it runs") == times


async def test_a_tier_is_edited_with_completion_and_a_strange_model_refused(
    home: Path, local: Upstream
):
    async with opened(home) as (wizard, pilot):
        await to_step(wizard, pilot, "Tiers")
        assert "price not known" in seen(wizard)
        await pilot.press("up", "enter")
        field = wizard.focused
        assert isinstance(field, Input)
        field.value = "ollama/none:7b"
        await pilot.press("enter")
        await until(pilot, lambda: "ollama lists" in seen(wizard))
        field.value = "32b"
        await pilot.pause()
        await pilot.press("down", "enter")
        await until(pilot, lambda: not wizard.screen.query_one(TierEditor).editing)
        assert str(wizard.draft.tiers[Tier.SIMPLE].target) == "ollama/qwen2.5-coder:32b"
        await pilot.press("tab")
        await to_step(wizard, pilot, "Config")
        assert 'SIMPLE = "ollama/qwen2.5-coder:32b"' in seen(wizard)


async def test_prices_stand_beside_the_tiers(
    home: Path, local: Upstream, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    async with lists(*ANTHROPIC, key=KEY) as vendor, opened(home) as (wizard, pilot):
        await add(wizard, pilot, kind="anthropic", url=vendor.url)
        await until(pilot, lambda: "2 ready" in seen(wizard))
        await to_step(wizard, pilot, "Tiers")
        [line] = [line for line in seen(wizard).splitlines() if "REASONING  from" in line]
        choice = wizard.draft.tiers[Tier.REASONING]
        assert choice.input and f"${choice.input:.2f} in" in line


async def test_levels_are_chosen_with_a_sentence_each_and_stand_in_the_config(
    home: Path, local: Upstream
):
    async with opened(home, (80, 24)) as (wizard, pilot):
        await to_step(wizard, pilot, "Savings")
        assert "but the model must ask" in " ".join(seen(wizard).split())
        await pilot.press("up", "down", "tab", "up", "up")
        assert wizard.draft.levels == {"compression": "balanced", "cache": "off"}
        await to_step(wizard, pilot, "Config")
        await pilot.press("enter")
        await until(pilot, lambda: wizard.return_value is not None)
    config = load(place(home))
    assert (config.compression.level, config.cache.exact) == ("balanced", False)


async def test_escape_goes_back_and_keeps_what_was_chosen(home: Path, local: Upstream):
    async with opened(home) as (wizard, pilot):
        await to_step(wizard, pilot, "Savings")
        await pilot.press("up", "up")
        await to_step(wizard, pilot, "Config")
        for name in ("Savings", "Tiers", "Providers", "Providers"):
            await pilot.press("escape")
            assert step_of(wizard) == name
        await to_step(wizard, pilot, "Savings")
        assert "● off" in seen(wizard) and wizard.draft.levels["compression"] == "off"


@pytest.mark.parametrize("name", NAMES)
async def test_control_c_leaves_nothing_behind_at_any_step(home: Path, local: Upstream, name: str):
    async with lists(*ANTHROPIC, key=KEY) as vendor, opened(home) as (wizard, pilot):
        await add(wizard, pilot, kind=COMPATIBLE, key=KEY, url=vendor.url)
        await until(pilot, lambda: "lists 8 models" in seen(wizard))
        await to_step(wizard, pilot, name)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: wizard.return_value is not None)
        assert wizard.return_value is False
    assert list(home.iterdir()) == []


async def test_each_client_has_a_page_with_its_lines(home: Path, local: Upstream):
    async with opened(home) as (wizard, pilot):
        await to_step(wizard, pilot, "Config")
        for name in PAGES:
            led = "YOUR-TUNNEL/v1" if name == "cursor" else "http://127.0.0.1:8081"
            assert name == "config" or led in seen(wizard).replace("\n", "")
            assert not (name in CLIENTS and CLIENTS[name].program) or (
                f"lynkr-tui wrap {name}" in seen(wizard)
            )
            await pilot.press("right")
        assert "[config]" in seen(wizard)
        await pilot.press("left", "c")
        assert isinstance(wizard.screen, PreviewStep)
        assert wizard.clipboard == wizard.screen.pages[PAGES[-1]]


async def test_a_terminal_that_is_too_small_is_said(home: Path, local: Upstream):
    async with opened(home) as (wizard, pilot):
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert "at least 60 × 15" in " ".join(seen(wizard).split())


async def test_while_it_looks_it_can_not_be_hurried_past(home: Path):
    answered = asyncio.Event()

    async def slow() -> Found:
        await answered.wait()
        return Found()

    wizard = Wizard(Options(data=home / "data"), look=slow)
    async with wizard.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "still looking" in seen(wizard))
        answered.set()
        await until(pilot, lambda: "nothing found" in seen(wizard))
        await pilot.press("enter")
        await until(pilot, lambda: "no provider is ready" in seen(wizard))


async def test_on_a_narrow_screen_the_chosen_page_is_in_sight(home: Path, local: Upstream):
    async with opened(home, (60, 15)) as (wizard, pilot):
        await to_step(wizard, pilot, "Config")
        for name in PAGES:
            assert f"[{name}]" in seen(wizard)
            await pilot.press("right")


async def test_on_a_real_terminal_enter_leads_to_a_config(home: Path, local: Upstream):
    env = {"TERM": "xterm-256color", "OLLAMA_HOST": os.environ["OLLAMA_HOST"]}
    code, screen = await asyncio.to_thread(on_screen, home, **env)
    assert code == 0, screen
    assert "Written to" in screen and "lynkr-tui wrap claude" in screen
    assert load(place(home)).tiers.SIMPLE.provider == "ollama"


def on_screen(home: Path, **env: str) -> tuple[int, str]:
    """`init` on a terminal with a screen; enter is pressed when each step is drawn."""
    answers = (b"lists 3 models", b"How a tier", b"Compression of", b"[tiers]")
    return on_terminal(home, b"", "init", answers=[(word, b"\r") for word in answers], **env)


async def test_on_a_real_terminal_control_c_writes_nothing(home: Path, local: Upstream):
    env = {"TERM": "xterm-256color", "OLLAMA_HOST": os.environ["OLLAMA_HOST"]}
    answers = [(b"lists 3 models", b"\x03")]
    code, screen = await asyncio.to_thread(
        lambda: on_terminal(home, b"", "init", answers=answers, **env)
    )
    assert code == 0 and "Nothing was written." in screen
    assert list(home.iterdir()) == []


async def test_the_first_run_leads_through_the_wizard_to_the_dashboard(home: Path, local: Upstream):
    env = {"TERM": "xterm-256color", "OLLAMA_HOST": os.environ["OLLAMA_HOST"]}
    steps = (b"lists 3 models", b"How a tier", b"Compression of", b"[tiers]")
    answers = [(b"demo needs none", b"init\r"), *((word, b"\r") for word in steps)]
    answers += [(b"Written to", b""), (b"Savings", b"q")]
    code, screen = await asyncio.to_thread(
        lambda: on_terminal(home, b"", "--port", "0", answers=answers, **env)
    )
    assert code == 0, screen
    assert "Written to" in screen and place(home).exists()
