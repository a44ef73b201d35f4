"""`eval compression`: tool results against what they become, in tokens."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

import orjson
from msgspec import Struct

from app.process.failure import Failure
from proxy.dialects.model import ToolCall
from proxy.rewrite.abridge import Abridged, abridge, id_of
from proxy.rewrite.abridge.view import view
from proxy.rewrite.recall import Recall
from proxy.rewrite.recall_store import Originals
from proxy.rewrite.results import TECHNIQUES, restore, shrink
from proxy.rewrite.results.compact import COMPACT
from proxy.rewrite.results.source import source_of
from proxy.rewrite.results.technique import Shrunk
from proxy.tokens.counter import count

Figures = dict[str, Any]


class Measured(Struct, frozen=True):
    """One result: what kind it is of, its tokens as compact text, and after; `whole` unless it
    failed to come back."""

    kind: str
    compact: int
    after: int
    whole: bool


def measure(rows: Iterable[dict[str, Any]], balanced: bool = False) -> Figures:
    """Tokens saved by kind. Raises Failure where there is no result to shrink.

    Where `balanced`, what is abridged is whole if every line of it can be recalled.
    """
    measured = [one for row in rows if (one := _measured(row, balanced))]
    if not measured:
        raise Failure("no row with a `value` or a `result` in it")
    kinds: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        kinds[one.kind].append(one)
    figures = {"all": _sum(measured)}
    return figures | {kind: _sum(group) for kind, group in sorted(kinds.items())}


def _measured(row: dict[str, Any], balanced: bool) -> Measured | None:
    if "value" in row:
        text, kind = orjson.dumps(row["value"]).decode(), str(row.get("kind", "value"))
    elif "result" in row:
        given = row["result"]
        text = given if isinstance(given, str) else orjson.dumps(given).decode()
        kind = str(row.get("tool", "result"))
    else:
        return None
    source = source_of(ToolCall("", str(row.get("tool", "")), "{}"))
    shrunk, compact = shrink(text, source), count(_compact(text))
    if balanced and (made := abridge(text, source, shrunk)):
        return Measured(kind, compact, count(made.shrunk.text), _recalled(made, text))
    after = count(shrunk.text) if shrunk else compact
    return Measured(kind, compact, after, shrunk is None or _returns(shrunk, text))


def _compact(text: str) -> str:
    """JSON without a space too many; any other text as it is."""
    try:
        return orjson.dumps(orjson.loads(text)).decode()
    except orjson.JSONDecodeError:
        return text


def _returns(shrunk: Shrunk, text: str) -> bool:
    """Whether it comes back: to the letter, or as what the first technique leaves that only omits,
    blanks in JSON or what no terminal shows; JSON to the same value then."""
    back = restore(shrunk)
    first = TECHNIQUES[shrunk.technique.split("+")[0]]
    if not first.only_omits:
        return back == text
    return back == first.apply(text) and (
        first.name != COMPACT.name or _compact(back) == _compact(text)
    )


class _Kept(Originals):
    """One original, in memory."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get(self, id: str) -> str | None:
        return self._text if id == id_of(self._text) else None


def _recalled(made: Abridged, text: str) -> bool:
    """Whether the call that its last line names, made again from where the last one ended, brings
    every line back."""
    recall, lines = Recall(_Kept(text)), view(text)
    at, named = 0, made.id in made.shrunk.text
    while named and at < len(lines):
        asked = orjson.dumps({"id": made.id, "lines": f"{lines[at].number}-"}).decode()
        told = recall.answer(asked)
        came = sum(1 for _ in takewhile(told.__contains__, (line.text for line in lines[at:])))
        at, named = at + came, came > 0
    return named


def _sum(rows: list[Measured]) -> Figures:
    before, after = sum(one.compact for one in rows), sum(one.after for one in rows)
    worst = max(one.after / one.compact if one.compact else 1.0 for one in rows)
    return {
        "rows": len(rows),
        "tokens_compact": before,
        "tokens_after": after,
        "saved": 1 - after / before if before else 0.0,
        "worst_row": worst,
        "larger_than_compact": sum(one.after > one.compact for one in rows),
        "not_restored": sum(not one.whole for one in rows),
    }
