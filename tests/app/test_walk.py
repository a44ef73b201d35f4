"""A walk through every screen of the real program, on a real terminal, by keys and by mouse."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.test_terminal import Terminal, terminal
from tests.support.program import PROGRAM

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is missing"),
]
# The key of a screen, the words that it alone shows; then keys, what they lead to, and the title
# of the help for what has the focus then.
FULL = r"(?s)\A(?!.*following).*score"
SCREENS = (
    (
        ("r", "▌Tiers"),
        ("", "▌Tiers", "Tiers"),
        ("Tab", "▌Boundaries", "Boundaries"),
        ("Tab", "▌Weights", "Weights"),
        ("Tab", "▌Force", "Force-patterns"),
    ),
    (("s", "billed in"), ("", "billed in", "Savings")),
    (("b", "What was sent"), ("", "What was sent", "Rewrite|Move")),
    (("p", "t asks it"), ("", "t asks it", "Providers")),
    (("L", "logged yet|INFO|WARNING"), ("", "logged|INFO|WARNING", "Details, log and help")),
    (
        ("l", "following"),
        ("", "following", "The feed"),
        ("Enter", FULL, "Details, log and help"),
    ),
)
SMALL = ((100, 24), (80, 24), (60, 15))
STORM = ((200, 60), (84, 20), (61, 16), (30, 8), (150, 12), (84, 40), (60, 15), (120, 40)) * 3


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Terminal]:
    """The demo once its feed has something to tell; it must end well, and without a traceback."""
    async with terminal(f"{PROGRAM} demo --data {tmp_path} --port 0") as screen:
        await screen.sees("prior tool usage|tool chain potential")
        yield screen
        await screen.press("q")
        shown = await screen.sees("EXIT 0")
        assert "Traceback" not in shown
    assert "Traceback" not in (tmp_path / "lynkr-tui.log").read_text()


async def test_every_screen_opens_and_helps_with_what_has_the_focus(demo: Terminal) -> None:
    for (key, words), *helps in SCREENS:
        await demo.press(key)
        await demo.sees(words)
        for keys, there, title in helps:
            if keys:
                await demo.press(keys)
            await demo.sees(there)
            await demo.press("?")
            await demo.sees(rf"(?m)\A.*\n ?({title})\s*$")
            await demo.press("?")
            await demo.sees(there)


async def test_palette_filter_details_and_lanes(demo: Terminal) -> None:
    await demo.press(":")
    await demo.sees("Search")
    await demo.press(*"screens: prov")
    await demo.sees("(?s)screens: prov.*Screens: Providers")
    await demo.press("Enter")
    await demo.sees("● up")
    await demo.press("l")
    await demo.sees("following|F follows")
    await demo.press("/")
    await demo.sees("enter keeps")
    await demo.press(*"tier:simple,medium", "Enter")
    await demo.sees("exchanges match tier:simple,medium")
    await demo.press("Escape")
    await demo.sees(r"(?s)\A(?!.*exchanges match).*following")
    await demo.press("Enter")
    await demo.sees(FULL)
    await demo.press("Escape")
    await demo.sees("following|F follows")
    await demo.press("v")
    await demo.sees("by session, newest first")
    await demo.press("v")
    await demo.sees("following|F follows")
    await demo.press("d")
    await demo.sees("│.*score [0-9]")


async def test_the_exchanges_behind_a_sum_and_a_replay(demo: Terminal) -> None:
    await demo.press("s")
    await demo.sees(r"\d{4}-\d\d-\d\d +\d")
    await demo.press("Enter")
    await demo.sees("exchanges, newest first")
    await demo.press("Enter")
    await demo.sees(r"(?s)\A(?!.*newest first).*score [0-9]")
    await demo.press("Escape")
    await demo.sees("exchanges, newest first")
    await demo.press("Escape")
    await demo.sees("By day")
    await demo.press("l")
    await demo.sees("following|F follows")
    await demo.press("k", "R")
    await demo.sees("which is billed")
    await demo.press("4", "Enter")
    await demo.sees("(?s)Then.*Now.*first byte.*first byte")
    await demo.press("Escape")
    await demo.sees("following|F follows")


async def test_it_takes_every_size_while_it_runs(demo: Terminal) -> None:
    for width, height in SMALL:
        await demo.resize(width, height)
        await demo.sees("Live.*Routing")
    await demo.resize(59, 15)
    await demo.sees("at least 60 × 15")
    for width, height in STORM:
        await demo.resize(width, height)
    await demo.resize(140, 45)
    await demo.sees("l Live.*r Routing")


async def test_a_click_on_a_tab_and_a_pasted_megabyte(demo: Terminal, tmp_path: Path) -> None:
    top = (await demo.screen()).splitlines()[0]
    column = top.index("Providers") + 2
    await demo.press("-l", f"\x1b[<0;{column};1M")
    await demo.press("-l", f"\x1b[<0;{column};1m")
    await demo.sees("● up")
    await demo.press("l")
    await demo.sees("following|F follows")
    await demo.press("/")
    await demo.sees("enter keeps")
    (tmp_path / "pasted").write_text("x" * 1_000_000)
    await demo.tmux("load-buffer", str(tmp_path / "pasted"))
    await demo.tmux("paste-buffer", "-p")
    await demo.press("Escape")
    await demo.sees("following|F follows")
