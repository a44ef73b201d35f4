"""`eval tools`: which tools stay, against those that were needed, and what the rest had cost."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from msgspec import Struct

from app.evals.lines import Line, lines_of
from app.evals.sessions import sessions
from app.process.failure import Failure
from proxy.dialects.model import Message, Text, Tool
from proxy.rewrite.choice import choose, compact, line_of
from proxy.tokens.counter import count

LOADER: Final = 60  # tokens of the tool that loads the others, without their lines
FEW: Final = 3  # of fewer tools none goes

Figures = dict[str, Any]


class Row(Struct, frozen=True):
    """One question: what was offered, what it needs, what stays."""

    tools: Sequence[Tool]
    needed: frozenset[str]
    kept: frozenset[str]


def measure(rows: Iterable[Line], beside: Sequence[Tool] = ()) -> Figures:
    """Questions and sessions apart; `beside` are the tools of rows that only name theirs."""
    given = list(rows)
    asked = [row for line in given if (row := _row(line, beside))]
    figures = _questions(asked) if asked else {}
    talks = [line for line in given if "turns" in line and "tool_names" in line]
    if talks:
        by_name = {tool.name: tool for tool in beside}
        if not by_name:
            raise Failure("rows with `tool_names` need a file of those tools: name it by --tools")
        for name, fixed in (("sessions", False), ("sessions_fixed_at_the_first_turn", True)):
            figures[name] = sessions(talks, by_name, fixed)
    if not figures:
        raise Failure("no row with `tools` and `needed`, with `turns`, or with a `prompt`")
    return figures


def tools_beside(file: Path) -> list[Tool]:
    """The tools in the file beside `file` whose name ends in `_tools` or `_schemas` instead."""
    stem = file.stem.rpartition("_")[0]
    for ending in ("tools", "schemas"):
        path = file.with_name(f"{stem}_{ending}.jsonl")
        if stem and path != file and path.exists():
            return tools_in(path)
    return []


def tools_in(path: Path) -> list[Tool]:
    """A tool a line, as any dialect spells it."""
    return [tool_of(line) for line in lines_of(path)]


def tool_of(line: Line) -> Tool:
    """A tool as Messages, Chat or Responses spells it. Raises Failure for one without a name."""
    inner = line.get("function")
    spec = inner if isinstance(inner, dict) else line
    schema = spec.get("input_schema") or spec.get("parameters") or {}
    if not isinstance(spec.get("name"), str) or not isinstance(schema, dict):
        raise Failure("a tool needs a `name`, and `parameters` that are an object")
    return Tool(spec["name"], str(spec.get("description") or ""), schema)


def tokens_of(tools: Iterable[Tool]) -> int:
    """Tokens of tools as a request spells them."""
    return sum(count(_spelt(tool)) for tool in tools)


def tokens_sent(tools: Sequence[Tool], kept: frozenset[str]) -> int:
    """Tokens of what is sent for them: those that stay, and a line for each of the others."""
    gone = [line_of(tool) for tool in tools if tool.name not in kept]
    said = count("\n".join(gone)) + LOADER if gone else 0
    return tokens_of(compact(tool) for tool in tools if tool.name in kept) + said


def _spelt(tool: Tool) -> bytes:
    return orjson.dumps(
        {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
    )


def _row(line: Line, beside: Sequence[Tool]) -> Row | None:
    words = line.get("prompt") or line.get("query")
    if isinstance(line.get("tools"), list) and "needed" in line:
        tools, messages = [tool_of(one) for one in line["tools"]], _messages(line)
    elif words and "needed" in line and beside:
        tools, messages = list(beside), [Message("user", [Text(str(words))])]
    else:
        return None
    needed = line["needed"] if isinstance(line["needed"], list) else [line["needed"]]
    kept = choose(messages, tools, False).kept
    return Row(tools, frozenset(map(str, needed)), kept)


def _messages(line: Line) -> list[Message]:
    given = line.get("messages") or [{"role": "user", "content": line.get("prompt", "")}]
    return [Message(str(one["role"]), [Text(str(one["content"]))]) for one in given]


def _questions(rows: Sequence[Row]) -> Figures:
    many = [row for row in rows if len(row.tools) >= FEW]
    return {
        "rows": len(rows),
        "rows_with_three_tools_or_more": len(many),
        "needed_kept_at_once": _share(many, lambda row: row.needed <= row.kept),
        "needed_kept_or_loadable": _share(many, _in_reach),
        "schema_tokens": sum(tokens_of(row.tools) for row in many),
        "saved_gross": _saved(many, lambda row: tokens_of(_stay(row))),
        "saved_net": _saved(many, lambda row: tokens_sent(row.tools, row.kept)),
        "tools_kept": _ratio(
            sum(len(row.kept) for row in many), sum(len(row.tools) for row in many)
        ),
    }


def _stay(row: Row) -> list[Tool]:
    return [tool for tool in row.tools if tool.name in row.kept]


def _in_reach(row: Row) -> bool:
    """Whether each needed tool is sent, or its name stands in a line of those that may be loaded;
    one that was never offered is not missed."""
    said = [line_of(tool) for tool in row.tools if tool.name not in row.kept]
    offered = row.needed & {tool.name for tool in row.tools}
    return all(name in row.kept or any(line.startswith(name) for line in said) for name in offered)


def _share(rows: Sequence[Row], holds: Any) -> float | None:
    asked = [row for row in rows if row.needed]
    return _ratio(sum(map(holds, asked)), len(asked))


def _saved(rows: Sequence[Row], after: Any) -> float | None:
    before = sum(tokens_of(row.tools) for row in rows)
    return 1 - sum(map(after, rows)) / before if before else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
