"""What a scene of the demo is made of: cues, tool rounds, and the calls of the clients' tools."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Call = tuple[str, Mapping[str, Any]]  # tool, arguments


@dataclass(frozen=True, slots=True)
class Step:
    """One tool round: a sentence, and the calls that follow it."""

    say: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Scene:
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
