"""`h`: dear requests wait on the live screen until a person says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from app.actions import labels
from app.dashboard import Dashboard
from app.holds.gate import Gate
from app.holds.gate import told as gate_told
from app.holds.holds import GateHold
from app.widgets.details import page
from proxy.server import Server
from tests.app.screen import SIZES, live_of, running, screen_of, services_of, text_of, ticked
from tests.app.test_rewrite_screen import until
from tests.app.test_staying_up import words_of
from tests.proxy.money.test_approval import HI, LONG, approval, ask, waiting
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream


@asynccontextmanager
async def live(
    folder: Path, more: str, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Server, Dashboard, Pilot[None]]]:
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(folder, config_for(upstream.url, more=more)) as (server, _),
    ):
        house = server.house
        given = services_of(
            server,
            gate=Gate(house),
        )
        async with running(given, size) as (dashboard, pilot):
            yield server, dashboard, pilot


class Waiting:
    above, on, waiting = 0.2, True, ("a",)


def test_what_waits_names_the_keys_that_the_user_has_for_it():
    gate = cast(GateHold, Waiting())
    keys = labels({"let-go": "y", "refuse": "ctrl+n"})
    assert gate_told(gate, keys) == "1 wait: y lets go, ^n refuses"
    assert gate_told(gate, {}) == "1 wait"


@pytest.mark.parametrize("size", SIZES)
async def test_it_waits_in_sight_and_goes_by_a_key(tmp_path: Path, size: tuple[int, int]) -> None:
    async with live(tmp_path, approval(), size) as (server, dashboard, pilot):
        await pilot.press("h")
        await pilot.pause()
        assert "‖ asks from $0.20" in screen_of(dashboard)
        call = server.house.tasks.spawn(ask(server, LONG), "ask")
        await waiting(server)
        await ticked(dashboard, pilot)
        row = text_of(live_of(dashboard).feed).splitlines()[1]
        assert "‖" in row
        assert "1 wait: + lets go" in screen_of(dashboard)
        told = words_of(page(dashboard.store.rows[0], size[0]))
        assert "waits likely $" in told and "waits for a person" in told
        assert "+ Let go" in screen_of(dashboard).splitlines()[-1]
        await pilot.press("plus")
        assert (await call)[0] == 200
        await until(pilot, lambda: "1 wait:" not in screen_of(dashboard))


async def test_the_one_in_sight_is_refused_and_no_other(tmp_path: Path) -> None:
    async with live(tmp_path, approval()) as (server, dashboard, pilot):
        await pilot.press("h")
        call = server.house.tasks.spawn(ask(server, LONG), "ask")
        [id] = await waiting(server)
        assert (await ask(server, HI))[0] == 200
        await ticked(dashboard, pilot)
        assert live_of(dashboard).feed.selected != id
        await pilot.press("minus")
        assert server.house.approvals.waiting == (id,), "it was not in sight"
        assert live_of(dashboard).feed.selected == id
        await pilot.press("minus")
        assert (await call)[0] == 402
        await ticked(dashboard, pilot)
        assert "waits for a person" in "\n".join(dashboard.store.rows[0].steps)


async def test_the_same_key_lets_all_go(tmp_path: Path) -> None:
    async with live(tmp_path, approval()) as (server, _, pilot):
        await pilot.press("h")
        calls = [server.house.tasks.spawn(ask(server, LONG), "ask") for _ in range(3)]
        await waiting(server, 3)
        await pilot.press("h")
        assert [status for status, _ in await asyncio.gather(*calls)] == [200, 200, 200]


async def test_without_a_price_it_says_what_to_set(tmp_path: Path) -> None:
    async with live(tmp_path, "") as (server, dashboard, pilot):
        await pilot.press("h")
        assert not server.house.approvals.on
        assert ["[approval] dollars" in note.message for note in dashboard._notifications] == [True]
