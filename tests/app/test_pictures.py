"""Every screen, at three sizes: events in, what the dashboard knows, and the picture of it.

`make snapshots` keeps the pictures anew; look at them before they are committed.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.dashboard import Dashboard
from app.holds.upstreams import Upstreams
from app.services import DashboardServices
from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.bus import Listener
from proxy.house import House
from proxy.routing.table import Routing
from tests.app import day
from tests.app import scene as scene_module
from tests.app.scene import services
from tests.app.screen import SIZES, live_of, running, screen_of, seen_by, ticked
from tests.support.proxy import config_for, proxy
from tests.support.snapshots import Snapshots

Tell = Callable[[Listener], None]
SMALL = [(59, 15), (60, 14)]


@dataclass(frozen=True)
class Scene:
    """`told` happens, `keys` are pressed; then it `shows` a word that says the picture is there."""

    name: str
    room: str
    shows: str
    keys: tuple[str, ...] = ()
    told: tuple[Tell, ...] = (day.told,)
    so: Callable[[Dashboard], Any] = lambda dashboard: True
    toasts: bool = False
    more: dict[str, Any] = field(default_factory=dict)  # of the dashboard's services


def _rows(count: int) -> Callable[[Dashboard], bool]:
    return lambda dashboard: len(dashboard.store.view) == count


def _overrides(dashboard: Dashboard) -> bool:
    table = dashboard.services.routing.table
    return set(table.overrides.values()) == {Tier.REASONING} and table.override_new is Tier.SIMPLE


def _down(dashboard: Dashboard) -> bool:
    return list(dashboard.store.outages) == ["cloud"]


def _logged() -> dict[str, Any]:
    lines = ("09:40:02 INFO listening on http://127.0.0.1:8081", "09:40:31 WARNING cloud: 503")
    return {"log_lines": list(lines) + ["09:40:58 ERROR the config stays as it was: line 7"]}


HARD = (day.told, day.a_hard_one)
SCENES = (
    Scene("live-empty", "live", "No requests yet", told=()),
    Scene("live", "live", "following", so=_rows(17)),
    Scene("live-details", "live", "score 48", ("enter",), HARD, lambda d: live_of(d).full),
    Scene("live-lanes", "live", "by session", ("v",), HARD, lambda d: live_of(d).feed.in_lanes),
    Scene("live-filter", "live", "match", ("slash", *"tier:complex"), so=_rows(3)),
    Scene("live-filter-wrong", "live", "saved>", ("slash", *"saved>x")),
    Scene("live-paused", "live", "paused", ("space",), so=lambda d: d.store.paused),
    Scene("live-held", "live", "HELD", ("4", "exclamation_mark"), so=_overrides),
    Scene("live-down", "live", "DOWN", told=(day.told, day.an_outage), so=_down),
    Scene("live-toasts", "live", "Escalated", told=(day.told, day.alarms), toasts=True),
    Scene("routing", "routing", "greeting", ("r",)),
    Scene("savings-empty", "history", "Point a client", ("s",), ()),
    Scene("savings", "history", "2026-11-20", ("s",)),
    Scene("savings-behind", "history", "newest first", ("s", *["right"] * 3, "enter")),
    Scene("rewrite-empty", "rewrite", "Select an exchange", ("b",), ()),
    Scene("rewrite", "rewrite", "listing", ("b",), HARD),
    Scene("providers", "providers", "503", ("p", "down")),
    Scene("log-empty", "log", "Nothing logged", ("L",)),
    Scene("log", "log", "line 7", ("L",), more=_logged()),
    Scene("help", "help", "The feed", ("question_mark",)),
    Scene("palette", "live", "Savings", ("colon",)),
)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(scene_module, "_numbers", count(1))  # exchanges' ids stand on screens
    with day.standing_still():
        yield


def _services(scene: Scene, folder: Path, upstreams: Upstreams) -> DashboardServices:
    if scene.name in ("savings", "savings-behind"):
        day.kept(folder)
    given = services(folder, upstreams=upstreams, **scene.more)
    patterns = (
        ForcePattern("greeting", r"^(hi|hello|thanks)\b.{0,20}$", Tier.SIMPLE),
        ForcePattern("audit", "security audit", Tier.REASONING),
    )
    return replace(given, routing=Routing(replace(given.routing.table, patterns=patterns)))


CONFIG = """
[providers.local]
kind = "ollama"
base_url = "http://127.0.0.1:11434"

[providers.cloud]
kind = "anthropic"
key = "client"

[providers.lab]
kind = "openai_compatible"
base_url = "http://127.0.0.1:9/v1"
key_env = ["NO_SUCH_KEY"]
rpm = 60
"""


def _stand(house: House) -> None:
    """One provider is up, one has failed, one was never called."""
    for name in ("local", "cloud"):
        house.breakers.enter(name)
        house.breakers.succeeded(name)
    for _ in range(3):
        house.breakers.enter("local")
        house.breakers.failed("local", "503 overloaded")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_screen_shows_what_happened(
    scene: Scene, size: tuple[int, int], tmp_path: Path, snapshots: Snapshots
) -> None:
    async with proxy(tmp_path, config_for("http://127.0.0.1:9", more=CONFIG)) as (server, _):
        given = _services(scene, tmp_path, Upstreams(server.house))
        async with running(given, size, toasts=scene.toasts) as (dashboard, pilot):
            if scene.name == "providers":
                _stand(server.house)
            for tell in scene.told:
                tell(given.bus.publish)
            for _ in range(2):  # the list knows how long it is, then where its end is in sight
                await ticked(dashboard, pilot)
            await pilot.press(*scene.keys)
            await seen_by(pilot, scene.shows)
            await asyncio.wait_for(dashboard.workers.wait_for_complete(), 20)
            await ticked(dashboard, pilot)
            assert dashboard.current_mode == scene.room
            assert scene.so(dashboard)
            snapshots.hold(dashboard, scene.name)


@pytest.mark.parametrize("size", SMALL, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_below_the_smallest_size_a_sentence_says_so(
    size: tuple[int, int], tmp_path: Path, snapshots: Snapshots
) -> None:
    async with running(services(tmp_path), size) as (dashboard, pilot):
        await ticked(dashboard, pilot)
        assert "at least 60 × 15" in screen_of(dashboard)
        snapshots.hold(dashboard, "too-small")
