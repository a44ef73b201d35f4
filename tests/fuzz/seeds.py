"""Where fuzzing starts: the golden dialogues, each as the bytes that a target takes."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import orjson

from proxy.dialects.table import DIALECTS, UPSTREAM_DIALECTS
from proxy.providers.catalog import KINDS
from tests.support import converse, messages, traps

CLIENTS: Final = tuple(DIALECTS)
PROVIDERS: Final = tuple(UPSTREAM_DIALECTS)
FOUND: Final = Path(__file__).with_name("found")  # what once broke a target, a folder each


def found(target: str) -> list[bytes]:
    """Inputs that broke a target before they were mended."""
    return [path.read_bytes() for path in sorted((FOUND / target).glob("*"))]


@cache
def bodies() -> tuple[tuple[str, bytes], ...]:
    """Clients' requests: dialect and JSON."""
    return tuple((trap.client, trap.request) for trap in _traps())


@cache
def answers() -> tuple[tuple[str, bytes], ...]:
    """Providers' whole answers: dialect and JSON."""
    said = [(_speaks(trap), trap.answer) for trap in _traps()]
    blocks = [messages.text("Well"), messages.call("toolu_1", "Read", path="a.py")]
    own = (converse.answer(blocks),)
    return (
        *((name, one.body) for name, one in said if one and one.body.lstrip()[:1] == b"{"),
        *(("bedrock_converse", orjson.dumps(one)) for one in own),
    )


@cache
def streams() -> tuple[tuple[str, bytes], ...]:
    """Providers' streams: dialect and wire."""
    said = [(_speaks(trap), trap.answer) for trap in _traps()]
    blocks = [messages.text("Well"), messages.call("toolu_1", "Read", path="a.py")]
    return (
        *((name, one.body) for name, one in said if one and b"data:" in one.body[:200]),
        ("bedrock_converse", b"".join(converse.frames(blocks))),
    )


def packed(target: str) -> Iterator[bytes]:
    """The seeds of a target in its own form: a byte for each choice, then the text."""
    names, rows = FORMS[target]
    for dialect, text in rows():
        for choice in range(len(CLIENTS)):
            yield bytes((names.index(dialect), choice, 7)) + text


def _traps() -> list[traps.Trap]:
    return [traps.read(folder) for folder in sorted(traps.FOLDER.iterdir())]


def _speaks(trap: traps.Trap) -> str:
    return KINDS[trap.provider].dialect


FORMS: Final = {
    "body": (CLIENTS, bodies),
    "answer": (PROVIDERS, answers),
    "stream": (PROVIDERS, streams),
    "sse": (PROVIDERS, streams),
}
