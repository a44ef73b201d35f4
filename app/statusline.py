"""One line for a client's status bar: tier and model, what today saved, how much a cache answered.

It must be there within 100 ms of process time, so this module imports next to nothing: no click,
no pathlib, no dataclasses, and its own few words of SQL in place of proxy.ledger.history.
"""

import os
import sqlite3
import sys
import time

OPTIONS = ("--config", "--data", "--host", "--port")  # each with a value
MOST_INPUT = 1_000_000  # bytes of JSON on stdin
PATIENCE = 0.05  # seconds to wait for stdin, or for a proxy to take a connection
BUSY = 0.03  # seconds to wait for a locked ledger
UNKNOWN = "–"
PRINTABLE = 60  # characters of a model's name

_LAST = "SELECT tier, provider, model FROM exchanges {where} ORDER BY at DESC LIMIT 1"
_TODAY = (
    "SELECT sum(requests), sum(cache_hits), sum(money_saved), sum(saved_tokens) FROM daily"
    " WHERE day = ?"
)


def brief(words: list[str]) -> bool:
    """Print the line for these options. False where they are not the known ones, each with its
    value: then the command line is for click to judge."""
    pairs = [
        part for word in words for part in (word.split("=", 1) if word[:2] == "--" else (word,))
    ]
    given = dict(zip(pairs[::2], pairs[1::2], strict=False))
    port = given.get("--port", "0")
    good = len(pairs) == 2 * len(given) and set(given) <= set(OPTIONS)
    if not (good and port.isdecimal() and int(port) < 65_536):
        return False
    print(line(given.get("--data", ""), given.get("--host", ""), given.get("--port", "")))
    return True


def line(data: str = "", host: str = "", port: str = "") -> str:
    """The status line; what can't be had is left out, and no trouble is raised."""
    path = os.path.join(data or data_folder(), "ledger.db")
    last, today = _read(path, _session(_given()))
    parts = [_route(last), *_figures(today)]
    if not _listens(host or "127.0.0.1", int(port or 8081)):
        parts.append("proxy down")
    return " · ".join(parts)


def data_folder() -> str:
    """The same folder as proxy.paths.data_dir, without its imports where XDG's rule is known."""
    if sys.platform == "linux":
        home = os.environ.get("XDG_DATA_HOME", "").strip() or "~/.local/share"
        return os.path.join(os.path.expanduser(home), "lynkr-tui")
    from proxy.paths import data_dir

    return str(data_dir())


def _given() -> bytes:
    """What a client wrote to our stdin; nothing from a terminal, or from one that stays silent."""
    import select

    try:
        fd = sys.stdin.fileno()
        if os.isatty(fd):
            return b""
        got, until = b"", time.monotonic() + PATIENCE
        while (
            len(got) < MOST_INPUT
            and select.select([fd], [], [], max(0.0, until - time.monotonic()))[0]
        ):
            piece = os.read(fd, 65_536)
            if not piece:
                break
            got += piece
        return got
    except (AttributeError, OSError, ValueError):  # no stdin, or a closed one
        return b""


def _session(given: bytes) -> str:
    """The session that Claude Code names in the JSON it hands to a status line."""
    if not given.strip():
        return ""
    import json  # noqa: TID251  # orjson takes 35 ms to import

    try:
        said = json.loads(given)
    except (ValueError, RecursionError):
        return ""
    found = said.get("session_id") if isinstance(said, dict) else None
    return found if isinstance(found, str) else ""


def _read(path: str, session: str) -> tuple[tuple[str, ...] | None, tuple[float | None, ...]]:
    """The last exchange of the session, or of all, and the sums of today."""
    if not os.path.exists(path):
        return None, ()
    from urllib.parse import quote

    try:
        db = sqlite3.connect(f"file:{quote(os.path.abspath(path))}?mode=ro", uri=True, timeout=BUSY)
        try:
            where = "WHERE session = ?" if session else ""
            last = db.execute(_LAST.format(where=where), (session,) if session else ())
            today = db.execute(_TODAY, (time.strftime("%Y-%m-%d"),))
            return last.fetchone(), today.fetchone()
        finally:
            db.close()
    except sqlite3.Error:
        return None, ()


def _route(last: tuple[str, ...] | None) -> str:
    if last is None:
        return "lynkr: no exchange yet"
    tier, provider, model = ("".join(filter(str.isprintable, one or "")) for one in last)
    return f"{tier or UNKNOWN} → {provider}/{model}"[:PRINTABLE]


def _figures(today: tuple[float | None, ...]) -> list[str]:
    """Money where a price is known, else tokens, which are an estimate; then the cache's share."""
    requests, hits, money, tokens = today or (0, 0, None, None)
    if not requests:
        return ["nothing today"]
    saved = f"~{tokens:,.0f} tokens" if money is None and tokens else _dollars(money)
    return [f"{saved} saved today", f"cache {(hits or 0) / requests:.0%}"]


def _dollars(money: float | None) -> str:
    if money is None:
        return UNKNOWN
    return f"{'-' if money < 0 else ''}${abs(money):.{2 if abs(money) >= 0.1 or not money else 4}f}"


def _listens(host: str, port: int) -> bool:
    """Whether something takes connections there."""
    import socket

    try:
        with socket.create_connection((host, port), PATIENCE):
            return True
    except (OSError, OverflowError):
        return False
