"""What the clipboard is given of an exchange: its figures as JSON, and a line for the shell."""

from shlex import quote
from typing import Any, Final

import orjson

from app.text import plain
from proxy.exchange import ResultRewrite, Tokens
from proxy.record import Record

FILE: Final = "request.json"  # where the line for the shell reads the request from


def as_json(row: Record) -> str:
    """One JSON object, indented, of what the screen shows: no text of a prompt or an answer."""
    said = {
        "id": row.id,
        "at": row.at,
        "session": row.session,
        "client": row.client,
        "dialect": row.dialect,
        "asked_model": row.asked_model,
        "turns": row.turns,
        "class": row.request_class,
        "score": _score(row),
        "decision": _decision(row),
        "cache": _cache(row),
        "tools": {"kept": row.rewrite.kept, "stripped": [name for name, _ in row.rewrite.stripped]},
        "results": [_result(one) for one in row.rewrite.results],
        "tokens": {"before": _tokens(row.before), "after": _tokens(row.after)},
        "usage": {name: getattr(row.usage, name) for name in _USAGE},
        "dollars": {"cost": row.cost, "asked": row.cost_asked, "as_came": row.cost_as_came},
        "moments_ms": [{"what": what, "at": round(at, 3)} for what, at in row.moments],
        "state": row.state,
        "status": row.status,
        "error": row.error,
    }
    return orjson.dumps(_plain(said), option=orjson.OPT_INDENT_2).decode()


def as_curl(row: Record, base_url: str) -> str:
    """A line for a POSIX shell that explains a request of the same session and dialect."""
    url = f"{base_url}/lynkr/explain?dialect={plain(row.dialect, 40)}"
    session = quote(f"x-lynkr-session: {plain(row.session, 200)}")
    return f"curl -sS {quote(url)} -H {session} --data-binary @{FILE}"


_USAGE: Final = ("input", "cache_read", "cache_write", "output", "reasoning")


def _score(row: Record) -> dict[str, Any]:
    names = ("dimension", "value", "weight", "points", "evidence")
    parts = [{name: getattr(part, name) for name in names} for part in row.parts]
    return {"total": row.score, "parts": parts}


def _decision(row: Record) -> dict[str, Any]:
    names = ("tier", "reason", "provider", "model", "retries", "fell_back", "steps")
    return {name: getattr(row, name) for name in names}


def _cache(row: Record) -> dict[str, Any]:
    alike = [
        {"similarity": one.similarity, "same": one.same, "why": one.why}
        for one in row.cache_candidates
    ]
    return {"state": row.cache, "why": row.cache_why, "candidates": alike}


def _result(one: ResultRewrite) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("tool", "technique", "before", "after")}


def _tokens(tokens: Tokens) -> dict[str, int]:
    names = ("system", "tools", "messages", "total")
    return {name: getattr(tokens, name) for name in names}


def _plain(value: Any) -> Any:
    """The value with every text made plain: a header may hold what no UTF-8 can."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
