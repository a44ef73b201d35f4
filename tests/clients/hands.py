"""What each client calls its tools: the same four acts, under every client's own names."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.messages import Block, call, text


@dataclass(frozen=True)
class Act:
    """Something the model wants done, in no client's words: read, edit, shell or write."""

    verb: str
    values: dict[str, Any]


def read(path: Path) -> Act:
    return Act("read", {"path": str(path)})


def edit(path: Path, old: str, new: str) -> Act:
    return Act("edit", {"path": str(path), "old": old, "new": new})


def shell(command: str) -> Act:
    return Act("shell", {"command": command})


def write(path: Path, content: str) -> Act:
    return Act("write", {"path": str(path), "content": content})


@dataclass(frozen=True)
class Hand:
    """One tool: its name, and our values as the arguments that it takes."""

    name: str
    arguments: Callable[[dict[str, Any]], dict[str, Any]]

    def call(self, id: str, act: Act) -> Block:
        return call(id, self.name, **self.arguments(act.values))


def renamed(**names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Arguments that are our values under other names."""
    return lambda values: {names.get(key, key): value for key, value in values.items()}


Hands = dict[str, Hand]

_SNAKE = renamed(path="file_path", old="old_string", new="new_string")
_CAMEL = renamed(path="filePath", old="oldString", new="newString")

CLAUDE_CODE: Hands = {
    "read": Hand("Read", _SNAKE),
    "edit": Hand("Edit", _SNAKE),
    "shell": Hand("Bash", lambda values: {**values, "description": "Run it"}),
    "write": Hand("Write", _SNAKE),
}
CLINE: Hands = {
    "read": Hand("read_files", lambda values: {"files": [values]}),
    "edit": Hand("editor", renamed(old="old_text", new="new_text")),
    "shell": Hand("run_commands", lambda values: {"commands": [values["command"]]}),
    "write": Hand("editor", renamed(content="new_text")),
}
CONTINUE: Hands = {
    "read": Hand("Read", renamed(path="filepath")),
    "edit": Hand("Edit", _SNAKE),
    "shell": Hand("Bash", renamed()),
    "write": Hand("Write", renamed(path="filepath")),
}
OPENCODE: Hands = {
    "read": Hand("read", _CAMEL),
    "edit": Hand("edit", _CAMEL),
    "shell": Hand("bash", renamed()),
    "write": Hand("write", _CAMEL),
}
QWEN_CODE: Hands = {
    "read": Hand("read_file", _SNAKE),
    "edit": Hand("edit", _SNAKE),
    "shell": Hand("run_shell_command", lambda values: {**values, "is_background": False}),
    "write": Hand("write_file", _SNAKE),
}

Step = list[str | Act]  # what the model says and does in one answer


def blocks(step: Step, hands: Hands, done: int) -> list[Block]:
    """One answer in a client's own words; `done` calls were made before, so ids never repeat."""
    out: list[Block] = []
    for part in step:
        if isinstance(part, str):
            out.append(text(part))
        else:
            done += 1
            out.append(hands[part.verb].call(f"toolu_{done:02}", part))
    return out


def acts(step: Step) -> int:
    return sum(isinstance(part, Act) for part in step)
