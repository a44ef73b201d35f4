"""Walks through the wizard as a person would, key by key."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from app.commands.options import Options
from app.newcomer.wizard.add import AddForm
from app.newcomer.wizard.app import Wizard
from app.newcomer.wizard.preview import PreviewStep
from app.newcomer.wizard.step import NAMES, Step

PATIENCE = 60.0  # seconds, for a machine with much else to do


@asynccontextmanager
async def opened(
    home: Path, size: tuple[int, int] = (120, 40), force: bool = False
) -> AsyncIterator[tuple[Wizard, Pilot[bool]]]:
    """The wizard after it has looked around."""
    wizard = Wizard(Options(data=home / "data"), force)
    async with wizard.run_test(size=size) as pilot:
        await until(pilot, lambda: "looking for" not in seen(wizard))
        yield wizard, pilot


async def until(pilot: Pilot[bool], holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        await pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never came to that:\n{seen(pilot.app)}")


def seen(app: object) -> str:
    """What stands on the whole screen."""
    assert isinstance(app, Wizard)
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def step_of(wizard: Wizard) -> str:
    return NAMES[wizard.screen.NUMBER] if isinstance(wizard.screen, Step) else ""


async def to_step(wizard: Wizard, pilot: Pilot[bool], name: str) -> None:
    """Accept what is proposed up to a step."""
    while step_of(wizard) != name:
        before = step_of(wizard)
        await pilot.press("enter")
        await until(pilot, partial(_left, wizard, before))
    if isinstance(wizard.screen, PreviewStep):
        shown = wizard.screen
        await until(pilot, lambda: "[tiers]" in shown.pages.get("config", ""))


def _left(wizard: Wizard, step: str) -> bool:
    return step_of(wizard) != step


async def add(wizard: Wizard, pilot: Pilot[bool], *, kind: str, url: str = "", **more: str) -> None:
    """Fill the form for a provider, and send it; `more` is by the names of its fields."""
    await pilot.press("a")
    assert isinstance(wizard.screen, AddForm)
    for name, text in {"kind": kind, "base_url": url, **more}.items():
        wizard.screen.query_one(f"#{name}", Input).value = text
    await pilot.press("enter")
