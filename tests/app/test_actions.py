"""One table of actions."""

from collections import Counter

import pytest
from textual.binding import Binding

from app import actions
from app.dashboard import Dashboard
from app.keys import bindings
from app.screens.help import order
from app.screens.live import LiveScreen
from app.widgets.feed import Feed
from app.widgets.pager import Pager

PLACES = {
    actions.EVERYWHERE: (Dashboard,),
    "live": (LiveScreen,),
    "feed": (Feed,),
    "pager": (Pager,),
}


def test_ids_are_unique() -> None:
    assert [id for id, n in Counter(a.id for a in actions.ACTIONS).items() if n > 1] == []


@pytest.mark.parametrize("where", sorted({action.where for action in actions.ACTIONS}))
def test_no_key_means_two_things_in_one_place(where: str) -> None:
    own = {actions.EVERYWHERE, where, "live" if where in ("feed", "pager") else where}
    keys = Counter(key for a in actions.ACTIONS if a.where in own for key in a.keys)
    assert [key for key, n in keys.items() if n > 1] == []


@pytest.mark.parametrize("action", actions.ACTIONS, ids=lambda action: action.id)
def test_every_action_can_be_run_and_is_in_the_help(action: actions.Action) -> None:
    assert action.where in order("live", "live")
    assert action.help
    name = "action_" + action.run.partition("(")[0]
    assert all(hasattr(place, name) for place in PLACES.get(action.where, ()))


def test_a_remapped_key_takes_the_place_of_the_old_one() -> None:
    table = {a.id: a for a in actions.remapped({"pause": "p", "no-such-action": "x"})}
    assert table["pause"].keys == ("p",)
    assert table["filter"].keys == ("slash",)


def test_bindings_carry_the_ids_that_a_keymap_needs() -> None:
    ids = {binding.id for binding in bindings("live") if isinstance(binding, Binding)}
    assert ids == {action.id for action in actions.of("live") if action.key}
