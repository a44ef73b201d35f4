"""PLACEHOLDER"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifier.features import kind_of
from proxy.dialects.model import Message, Text, Tool, ToolCall


@dataclass(frozen=True, slots=True)
class Choice:
    kept: frozenset[str]
    reasons: Mapping[str, str]


def choose(messages: Sequence[Message], tools: Sequence[Tool], fixed: bool) -> Choice:
    said = " ".join(
        b.text for m in messages for b in m.blocks if isinstance(b, Text) and m.role == "user"
    )
    if fixed:
        messages = messages[:1]
    used = {b.name for m in messages for b in m.blocks if isinstance(b, ToolCall)}
    kept = {
        t.name
        for t in tools
        if kind_of(t.name) in ("read", "shell") and "Web" not in t.name or t.name in said
    }
    kept |= used & {t.name for t in tools}
    gone = {t.name: "nothing said so far speaks of it" for t in tools if t.name not in kept}
    return Choice(frozenset(kept), gone)


def line_of(tool: Tool) -> str:
    return f"{tool.name}: {tool.description[:80]}"


def compact(tool: Tool) -> Tool:
    return tool
