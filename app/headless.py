"""`serve`: one line an exchange on stderr, or every event as JSON on stdout."""

import time
from collections.abc import Callable

from app.text import json_plain, plain
from proxy.bus import Bus
from proxy.control.wire_events import as_line
from proxy.record import Record


def print_events(bus: Bus, write: Callable[[bytes], None]) -> None:
    """Each event as one JSON line."""
    bus.subscribe(lambda event: write(json_plain(as_line(event).decode()).encode() + b"\n"))


def print_exchanges(bus: Bus, write: Callable[[bytes], None]) -> None:
    """A line for each exchange that ends."""
    bus.on_end(lambda row: write(line_of(row).encode("utf-8", "replace") + b"\n"))


def line_of(row: Record) -> str:
    """Time, session, score, tier and why, model, tokens, cache, latency, how it ended."""
    score = "--" if row.score is None else f"{row.score:.0f}"
    billed = f"{row.usage.input or 0:,}+{row.usage.output or 0:,} billed"
    saved = f" {row.rewrite.saved:,} saved" if row.rewrite.saved else ""
    end = f"{row.status}" if row.state == "done" else f"{row.status} {row.error}"
    return plain(
        f"{time.strftime('%H:%M:%S', time.localtime(row.at))} {row.session[:8]:8} {score:>3} "
        f"{row.tier or '-':9} {row.reason or '-':12} {row.provider}/{row.model} "
        f"{billed}{saved} cache {row.cache or '-'} {row.latency or 0:.0f} ms {end}"
    )
