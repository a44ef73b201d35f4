"""`make screenshots`: plays the demo through the real proxy and pictures each screen of the
dashboard, and the wizard, as SVG and PNG."""

import asyncio
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

import resvg_py
from PIL import Image
from textual.app import App
from textual.pilot import Pilot

from app.commands.options import Options
from app.dashboard import Dashboard
from app.demo.play import play, write_config
from app.holds.gate import Gate
from app.holds.past import LedgerPast
from app.holds.replayer import Replayer
from app.holds.upstreams import Upstreams
from app.holds.what_if import WhatIf
from app.holds.whole import Whole
from app.house import running
from app.newcomer.found import Account, Found
from app.newcomer.wizard.app import Wizard
from app.services import DashboardServices
from app.widgets.feed import Feed
from proxy.config.edit import ConfigFile
from proxy.paths import DataFiles
from proxy.providers.probe import Probe
from proxy.server import Server
from tests.animation import SIZE, animate

FOLDER = Path(__file__).parents[1] / "screenshots"
FONT = "DejaVu Sans Mono"
COLOURS = 96  # of a picture: it stays sharp, at a fifth of the size
WIDE, NARROW, WIZARD = (140, 42), (80, 24), (100, 20)
CLOUD = ("claude-haiku-5-5", "claude-opus-5-5", "claude-sonnet-5-5")
LOCAL = ("qwen2.5-coder:32b", "qwen2.5-coder:7b")
SPEED = 6.0
UNHURRIED = 3.0
BEGUN = 4.0  # seconds until a few rows stand in the feed
PLAYED = 9.0  # seconds until the feed looks like a day

# Picture, size, keys that lead to it.
SHOTS: tuple[tuple[str, tuple[int, int], tuple[str, ...]], ...] = (
    ("live", WIDE, ()),
    ("details", WIDE, ("enter",)),
    ("held", WIDE, ("escape", "4")),
    ("replay", WIDE, ("0", "R", "wait:1000", "enter", "wait:3000")),
    ("filter", WIDE, ("l", "slash", *"tier:complex !error", "enter")),
    ("palette", WIDE, ("escape", "colon", *"steer")),
    ("routing", WIDE, ("escape", "escape", "r", "tab", "shift+left", "shift+left")),
    ("history", WIDE, ("s", "right_square_bracket")),
    ("rewrite", WIDE, ("l", "b")),
    ("lanes", WIDE, ("l", "v")),
    ("providers", WIDE, ("v", "p", "t")),
    ("log", WIDE, ("L",)),
    ("help", WIDE, ("l", "question_mark")),
    ("live-80x24", NARROW, ("l",)),
)


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    await _wizard()
    with tempfile.TemporaryDirectory() as data:
        file = ConfigFile(write_config(Path(data)))
        async with running(file, DataFiles(Path(data)), "127.0.0.1", 0) as server:
            await _picture(server, file)
    with tempfile.TemporaryDirectory() as data:
        file = ConfigFile(write_config(Path(data)))
        async with running(file, DataFiles(Path(data)), "127.0.0.1", 0) as server:
            await _animation(server, file)


async def _wizard() -> None:
    """The wizard's second step, for a key and a local server that are made up."""
    app = Wizard(Options(), look=_found)
    app.theme = "lynkr-dark"
    async with app.run_test(size=WIZARD) as pilot:
        await pilot.pause(1.0)
        await _shot(app, pilot, "init", WIZARD, ("enter", "up", "down"))


async def _found() -> Found:
    key, runs = "ANTHROPIC_API_KEY", "it runs at http://127.0.0.1:11434"
    cloud = Account("anthropic", f"{key} is set", key, probe=Probe(True, 200, CLOUD))
    return Found((cloud, Account("ollama", runs, probe=Probe(True, 200, LOCAL))))


async def _picture(server: Server, file: ConfigFile) -> None:
    app = Dashboard(_services(server, file))
    async with app.run_test(size=WIDE) as pilot:
        server.house.tasks.spawn(play(server.url, speed=SPEED), "scripted session")
        await pilot.pause(PLAYED)
        await _select_hard_one(app, pilot)
        for name, size, keys in SHOTS:
            await _shot(app, pilot, name, size, keys)


async def _animation(server: Server, file: ConfigFile) -> None:
    app = Dashboard(_services(server, file))
    async with app.run_test(size=SIZE) as pilot:
        server.house.tasks.spawn(play(server.url, speed=UNHURRIED), "scripted session")
        await pilot.pause(BEGUN)
        await animate(app, pilot, FOLDER / "live.gif")


async def _select_hard_one(app: Dashboard, pilot: Pilot[None]) -> None:
    """Go up to an exchange whose 13 dimensions have something to show."""
    for row in reversed(app.store.view):
        if row.id == app.screen.query_one(Feed).selected and (row.score or 0) > 50:
            return
        await pilot.press("k")


def _services(server: Server, file: ConfigFile) -> DashboardServices:
    house = server.house
    house.recent.want()
    return DashboardServices(
        bus=house.bus,
        routing=house.routing,
        save=house.save,
        past=LedgerPast(house.ledger_path),
        base_url="http://127.0.0.1:8081",
        providers=lambda: house.providers.models(),
        upstreams=Upstreams(house),
        what_if=WhatIf(house),
        gate=Gate(house),
        budgets=lambda: house.config.budgets,
        whole=Whole(file, house),
        replays=Replayer(house),
        theme="lynkr-dark",
    )


async def _shot(
    app: App[Any], pilot: Pilot[Any], name: str, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    await pilot.resize_terminal(*size)
    await pilot.press(*keys)
    await pilot.pause(1.0)
    svg = app.export_screenshot(title="lynkr-tui")
    (FOLDER / f"{name}.svg").write_text(svg)
    png = resvg_py.svg_to_bytes(
        svg_string=svg.replace("Fira Code", FONT), monospace_family=FONT, zoom=2
    )
    few = Image.open(io.BytesIO(bytes(png))).convert("RGB").quantize(COLOURS)
    few.save(FOLDER / f"{name}.png", optimize=True)
    print(f"screenshots/{name}.svg and .png", file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main())
