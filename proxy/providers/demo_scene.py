"""What a scene of the demo is made of: cues, tool rounds, and the calls of the clients' tools."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

Call = tuple[str, Mapping[str, Any]]  # tool, arguments


class Step(Struct, frozen=True):
    """One tool round: a sentence, and the calls that follow it."""

    say: str
    calls: tuple[Call, ...]


class Scene(Struct, frozen=True):
    """Opened by a user text that holds `cue`; `title` is what a title request gets."""

    cue: str
    end: str
    steps: tuple[Step, ...] = ()
    title: str = "Demo session"


def bash(command: str, description: str) -> Call:
    return "Bash", {"command": command, "description": description}


def read(path: str) -> Call:
    return "Read", {"file_path": path}


def grep(pattern: str, path: str) -> Call:
    return "Grep", {"pattern": pattern, "path": path, "output_mode": "content"}


def edit(path: str, old: str, new: str) -> Call:
    return "Edit", {"file_path": path, "old_string": old, "new_string": new}


def write(path: str, content: str) -> Call:
    return "Write", {"file_path": path, "content": content}


def shell(*command: str) -> Call:
    return "shell", {"command": list(command)}


def patch(patch: str) -> Call:
    return "apply_patch", {"patch": patch}
