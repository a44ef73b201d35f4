"""The rewrite screen: what each technique saved, and a tool that is left alone from now on."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession
from textual.pilot import Pilot

from app.dashboard import Dashboard
from app.holds.whole import Whole
from app.rewritten import by_technique, differences
from app.screens.rewrite import RewriteScreen
from app.widgets.grid import Grid
from app.widgets.pager import Pager
from proxy.config.edit import ConfigFile
from proxy.config.load import load
from proxy.server import Server
from tests.app.scene import done, services
from tests.app.screen import SIZES, running, screen_of, services_of, ticked
from tests.proxy.sending.test_prefixes import LOG
from tests.proxy.test_never_compressed import body
from tests.support import messages
from tests.support.proxy import config_for, proxy
from tests.support.upstream import Upstream


def room_of(dashboard: Dashboard) -> RewriteScreen:
    assert isinstance(dashboard.screen, RewriteScreen)
    return dashboard.screen


async def until(pilot: Pilot[None], so: Callable[[], bool]) -> None:
    for _ in range(100):
        if so():
            return
        await pilot.pause(0.05)
    raise AssertionError("it never came about")


def page_of(dashboard: Dashboard, id: str) -> str:
    lines = room_of(dashboard).query_one(id, Pager).lines
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_sections_techniques_and_tools(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    given = services(tmp_path)
    async with running(given, size) as (dashboard, pilot):
        done(given.bus.publish)
        await ticked(dashboard, pilot)
        await pilot.press("b")
        await pilot.pause()
        page = page_of(dashboard, "#sums").split("\n")
        assert any(line.split()[:5] == ["before", "100", "300", "600", "1,000"] for line in page)
        assert any(line.split()[:5] == ["after", "100", "100", "100", "300"] for line in page)
        assert any("toon" in line and "1       500" in line for line in page)
        assert any("tools stripped" in line and "200" in line for line in page)
        assert "WebSearch: nothing to look up" in "".join(page)
        shown = screen_of(dashboard)
        assert "Grep" in shown and "500" in shown
        await pilot.press("escape")
        await pilot.pause()
        assert dashboard.current_mode == "live"


async def test_without_an_exchange_it_says_what_to_do(tmp_path: Path) -> None:
    async with running(services(tmp_path)) as (dashboard, pilot):
        await pilot.press("b", "n", "j")
        await pilot.pause()
        assert "Select an exchange" in screen_of(dashboard)
        assert dashboard.failure is None


@asynccontextmanager
async def live(
    folder: Path, more: str = ""
) -> AsyncIterator[tuple[Server, Dashboard, Pilot[None], Path]]:
    """A dashboard on the rewrite of one real exchange."""
    async with (
        Upstream(messages.says_hello) as upstream,
        proxy(folder, config_for(upstream.url, more=more)) as (server, _),
    ):
        house, path = server.house, folder / "config.toml"
        given = services_of(
            server,
            whole=Whole(ConfigFile(path), house),
            keeps_text=lambda: house.config.ledger.keep_text,
        )
        async with running(given) as (dashboard, pilot):
            async with ClientSession() as client:
                await client.post(f"{server.url}/v1/messages", json=body())
            await ticked(dashboard, pilot)
            await pilot.pause(0.3)  # the ledger has written it
            await pilot.press("b")
            await until(pilot, lambda: bool(room_of(dashboard).query_one(Grid).rows))
            yield server, dashboard, pilot, path


def _never(server: Server) -> list[str]:
    return list(server.house.config.compression.never)


async def test_one_key_leaves_a_tool_alone_and_takes_that_back(tmp_path: Path) -> None:
    note = "# mine\n[compression]\nlevel = 'lossless'  # no further\n"
    async with live(tmp_path, note) as (server, dashboard, pilot, path):
        await pilot.press("n")
        await until(pilot, lambda: "✕ Bash" in screen_of(dashboard))
        assert load(path).compression.never == ("Bash",)
        assert _never(server) == ["Bash"]
        assert all(line in path.read_text() for line in note.splitlines())
        await pilot.press("n")
        await until(pilot, lambda: "✕ Bash" not in screen_of(dashboard))
        assert _never(server) == []


async def test_a_tool_that_is_left_alone_can_be_found_again(tmp_path: Path) -> None:
    more = '[compression]\nnever = ["Grep"]\n'
    async with live(tmp_path, more) as (server, dashboard, pilot, _):
        await pilot.press("G", "n")
        await until(pilot, lambda: not _never(server))


async def test_a_file_that_can_not_be_saved_is_told(tmp_path: Path) -> None:
    async with live(tmp_path) as (server, dashboard, pilot, path):
        path.write_text("not = [toml")
        await pilot.press("n")
        await until(pilot, lambda: bool(dashboard._notifications))
        assert _never(server) == []


async def test_a_result_is_compared_where_its_text_was_kept(tmp_path: Path) -> None:
    async with live(tmp_path, "[ledger]\nkeep_text = true\n") as (_, dashboard, pilot, _):
        await until(pilot, lambda: "step 0 of the build" in page_of(dashboard, "#diff"))
        marks = {line[:1] for line in page_of(dashboard, "#diff").split("\n")}
        assert {"-", "+"} <= marks


async def test_without_the_text_it_says_how_to_keep_it(tmp_path: Path) -> None:
    async with live(tmp_path) as (_, dashboard, pilot, _):
        await until(pilot, lambda: "keep_text = true" in page_of(dashboard, "#diff"))


def test_the_lines_that_are_the_same_are_left_out_of_a_comparison() -> None:
    found = list(differences("a\nb\nc\nd\n--- e", "a\nb\nc\nD\n--- e"))
    assert found == [("…", "-3,3 +3,3"), (" ", "c"), ("-", "d"), ("+", "D"), (" ", "--- e")]
    assert list(differences(LOG, LOG)) == []


def test_the_technique_that_saved_most_comes_first(tmp_path: Path) -> None:
    given = services(tmp_path)
    dashboard = Dashboard(given)
    done(given.bus.publish)
    dashboard.store.tick()
    found = [
        (one.technique, one.times, one.tokens) for one in by_technique(dashboard.store.rows[0])
    ]
    assert found == [("toon", 1, 500), ("tools stripped", 1, 200)]
