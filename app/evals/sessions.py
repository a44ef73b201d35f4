"""Sessions of several turns: whether the tools that are called are there, and only get more."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from app.evals.lines import Line
from proxy.dialects.model import Message, Text, Tool, ToolCall, ToolResult
from proxy.rewrite.choice import choose


class Session(Struct):
    """What one session came to."""

    turns: int = 0
    stable: int = 0  # turns whose tools begin with those of the turn before
    loads: int = 0
    broken: bool = False
    kept: list[int] = field(default_factory=list)


def sessions(rows: Sequence[Line], by_name: Mapping[str, Tool], fixed: bool) -> dict[str, Any]:
    """Loads, broken sessions and stable turns over all rows."""
    done = [_played(row, by_name, fixed) for row in rows]
    turns = sum(one.turns for one in done)
    offered = sum(len(row["tool_names"]) * len(row["turns"]) for row in rows)
    return {
        "sessions": len(done),
        "sessions_broken": sum(one.broken for one in done),
        "turns": turns,
        "turns_with_a_stable_prefix": sum(one.stable for one in done) / turns if turns else None,
        "loads_per_session": sum(one.loads for one in done) / len(done),
        "sessions_without_a_load": sum(not one.loads for one in done),
        "tools_kept": sum(sum(one.kept) for one in done) / offered if offered else None,
    }


def _played(row: Line, by_name: Mapping[str, Tool], fixed: bool) -> Session:
    """A session turn by turn: what the person says, then the calls that were made."""
    tools = [by_name[name] for name in row["tool_names"] if name in by_name]
    session, messages = Session(), list[Message]()
    sent, loaded = frozenset[str](), frozenset[str]()
    calls = row.get("calls_per_turn") or []
    for number, words in enumerate(row["turns"]):
        messages.append(Message("user", [Text(_said(words))]))
        kept = choose(messages, tools, fixed).kept
        session.turns += 1
        session.stable += kept == sent if fixed and number else sent <= kept
        session.kept.append(len(kept))
        needed = frozenset(calls[number] if number < len(calls) else ())
        session.broken |= not needed <= frozenset(tool.name for tool in tools)
        session.loads += len(needed - kept - loaded)
        sent, loaded = kept, loaded | needed
        messages += _answered(needed)
    return session


def _said(words: Any) -> str:
    return "\n".join(map(str, words)) if isinstance(words, list) else str(words)


def _answered(names: frozenset[str]) -> list[Message]:
    """The calls with their results, and an answer."""
    called = sorted(names)
    return [
        Message("assistant", [ToolCall(name, name, "{}") for name in called]),
        Message("user", [ToolResult(name, [Text("done")]) for name in called]),
        Message("assistant", [Text("Done.")]),
    ]
