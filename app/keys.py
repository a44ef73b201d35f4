"""Turns rows of the actions table into Textual bindings."""

from typing import Any

from textual.binding import Binding, BindingType

from app import actions


def bindings(where: str) -> list[BindingType]:
    """The bindings of a screen or widget; each has an action's id, so keys can be remapped."""
    return [binding(action) for action in actions.of(where) if action.key]


def binding(action: actions.Action) -> Binding:
    """One row's."""
    options: dict[str, Any] = {"show": bool(action.bar), "priority": action.priority}
    return Binding(
        action.key, action.run, action.title, tooltip=action.help, id=action.id, **options
    )
