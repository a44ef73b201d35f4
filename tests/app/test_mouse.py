"""The mouse works, and nothing needs it: a click leads to the very screen that keys lead to."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from app.dashboard import Dashboard
from tests.app import day
from tests.app.scene import services
from tests.app.screen import live_of, running, screen_of, ticked
from tests.support.picture import svg_of, words_of
from tests.support.snapshots import still

# The keys that come first, the words that are clicked on then, and the keys that do the same.
CLICKS = (
    ((), "Routing", ("r",)),
    ((), "Savings", ("s",)),
    ((), "Rewrite", ("b",)),
    ((), "Providers", ("p",)),
    ((), " Log", ("L",)),
    ((), " Help", ("question_mark",)),
    (("r",), " Live", ("l",)),
    ((), "↳ spare", ("up",) * 5),
    ((), "Pause", ("space",)),
    ((), "Filter", ("slash",)),
    ((), "Details", ("enter",)),
    (("v",), "↳ spare", ("down", "down")),
    (("r",), "COMPLEX", ("j", "j")),
    (("s",), "Model", ("n",) * 4),
    (("b",), "3,100", ("j",)),
    (("space",), "goes on", ()),
)


def spot(dashboard: Dashboard, words: str) -> tuple[int, int]:
    """Where on the screen `words` begin first, in cells."""
    for y, line in enumerate(screen_of(dashboard).splitlines()):
        if words in line:
            return line.index(words) + len(words) - 1, y
    raise AssertionError(f"{words!r} is not on the screen:\n{screen_of(dashboard)}")


async def settled(dashboard: Dashboard, pilot: Pilot[None]) -> None:
    for _ in range(3):
        await ticked(dashboard, pilot)


@pytest.mark.parametrize(("before", "words", "keys"), CLICKS, ids=[c[1].strip() for c in CLICKS])
async def test_a_click_does_what_keys_do(
    before: tuple[str, ...], words: str, keys: tuple[str, ...], tmp_path: Path
) -> None:
    shown = []
    with day.standing_still():
        for clicked in (True, False):
            given = services(tmp_path)
            async with running(given) as (dashboard, pilot):
                day.told(given.bus.publish)
                day.a_hard_one(given.bus.publish)
                await settled(dashboard, pilot)
                await pilot.press(*before)
                await settled(dashboard, pilot)
                start = svg_of(dashboard)
                if clicked:
                    await pilot.click(offset=spot(dashboard, words))
                else:
                    await pilot.press(*keys)
                await settled(dashboard, pilot)
                still(dashboard)
                shown.append(svg_of(dashboard))
                assert shown[-1] != start or not keys
    assert words_of(shown[0]) == words_of(shown[1])
    assert shown[0] == shown[1]


async def test_the_wheel_scrolls_the_feed_and_the_list_no_longer_follows(tmp_path: Path) -> None:
    given = services(tmp_path)
    async with running(given) as (dashboard, pilot):
        for _ in range(4):
            day.told(given.bus.publish)
        await settled(dashboard, pilot)
        feed = live_of(dashboard).feed
        bottom = feed.scroll_offset.y
        assert dashboard.store.follow and bottom > 0
        await pilot._post_mouse_events([_wheel_up()], offset=(20, 8))
        await settled(dashboard, pilot)
        assert not dashboard.store.follow
        assert feed.scroll_offset.y < bottom


def _wheel_up() -> type:
    from textual.events import MouseScrollUp

    return MouseScrollUp
