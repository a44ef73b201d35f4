"""A replay as the screen holds it: what was said then, what a tier costs, what each said since."""

import sqlite3
from dataclasses import dataclass, field
from typing import Final

from app.text import plain
from classifier.tiers import Tier
from proxy.dialects.model import Answer
from proxy.errors import ProxyError
from proxy.recent import MOST, Texts
from proxy.record import Record
from proxy.replay import Offer, Replayed, Replays, said

NONE: Final = "Select an exchange first: R sends it again to another tier."
ELSEWHERE: Final = "Only the dashboard of the proxy itself can replay; this one looks from afar."
RUNS: Final = "It is still under way. Once it has ended, the tiers to send it to stand here."
GONE: Final = (
    f"Its text is held no more: the last {MOST} are, in memory, within [replay] megabytes. "
    "[ledger] keep_text = true keeps them all from now on."
)
LOST: Final = "Its text was not kept, or is not in the ledger yet."

Said = Answer | str  # an answer, or why there is none


@dataclass(slots=True)
class Again:
    """One replay: `answer` is None while it is under way, `row` what is known of it so far."""

    sent: Replayed
    row: Record | None = None
    answer: Said | None = None
    read: bool = False  # its answer is being read, or was


@dataclass(slots=True)
class Compared:
    """One exchange, and its replays by tier, the latest of each."""

    row: Record
    texts: Texts
    offers: tuple[Offer, ...]
    then: Said
    again: dict[Tier, Again] = field(default_factory=dict)


async def hindrance(row: Record | None, replays: Replays | None) -> str:
    """Why an exchange can't be replayed, in a line; empty where it can."""
    if row is None:
        return NONE
    if replays is None:
        return ELSEWHERE
    found = await _texts(row, replays)
    return found if isinstance(found, str) else ""


async def compared(row: Record, replays: Replays) -> Compared | str:
    """An exchange, ready to be replayed; or why it can't be."""
    if not row.ended:
        return RUNS
    texts = await _texts(row, replays)
    if isinstance(texts, str):
        return texts
    try:
        offers = await replays.offers(row, texts)
    except ProxyError as error:
        return f"It was no request that a model could answer: {plain(error.message, 300)}"
    return Compared(row, texts, offers, await answer_of(texts))


async def _texts(row: Record, replays: Replays) -> Texts | str:
    try:
        found = await replays.texts(row.id)
    except sqlite3.Error as problem:
        return f"The ledger could not be read: {plain(problem, 200)}"
    return found or (LOST if replays.keeps_text else GONE)


async def answer_of(texts: Texts) -> Said:
    """What was said, or why nothing was."""
    try:
        return await said(texts)
    except ProxyError as error:
        return error.message
