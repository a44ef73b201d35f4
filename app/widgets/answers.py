"""The lines of the replay screen: the tiers to choose from, and one answer with its figures."""

from collections.abc import Iterator
from typing import Final

from app.replayed import Again, Compared, Part, Said
from app.text import amount, dollars, duration, plain, sentence
from app.widgets.canvas import Line, entry, wrap
from app.widgets.grid import Column, Row
from proxy.past.replay import Offer
from proxy.record import Record

COLUMNS: Final = (
    Column("", 1),
    Column("tier", 9),
    Column("model", 14, 0, grow=True),
    Column("likely ~", 8, 1, right=True),
    Column("", 22, 2),
)
LABELLED: Final = 36  # cells, from which each figure has a line of its own
NOT_SENT: Final = "Not sent to this tier yet."
UNREADABLE: Final = "thought, in a form that can't be read"
ONLY_SHOWN: Final = "calls are only shown here, nobody carries them out"


def offer_row(offer: Offer, of: Compared) -> Row:
    """A tier: its model, what it is likely to cost, and what is known of it here."""
    here = (offer.target.provider, offer.target.model) == (of.row.provider, of.row.model)
    again = of.again.get(offer.tier)
    said, style = _state(again) if again else ("answered then", "quiet") if here else ("", "text")
    if offer.why:
        said, style = offer.why, "bad"
    return (
        (str(offer.tier + 1), "accent"),
        (offer.tier.name, offer.tier.name),
        (plain(offer.target, 200), "text"),
        (f"~{dollars(offer.dollars)}" if offer.dollars is not None else "unknown", "text"),
        (plain(said, 200), style),
    )


def _state(again: Again) -> tuple[str, str]:
    row = again.row
    if row is None or not again.over:
        return "under way", "primary"
    if row.state == "failed":
        return "failed", "bad"
    return f"{dollars(row.cost)} in {duration(row.latency)}", "good"


def terms(offer: Offer, of: Compared) -> str:
    """What is about to be done, and what that costs, in a sentence or two."""
    if offer.why:
        why = plain(offer.why, 300)
        return f"{why}: pick another tier." if of.open else sentence(why)
    cost = f"about {dollars(offer.dollars)}" if offer.dollars is not None else "an unknown price"
    size, to = amount(of.row.before.total), plain(offer.target, 200)
    return f"Enter sends all of it again, ~{size} tokens, to {to}: {cost}, which is billed."


def then_page(found: Compared | None, width: int) -> list[Line]:
    """What was said then, at a width in cells."""
    return _page(found.row, found.then, width) if found else []


def now_page(again: Again | None, width: int) -> list[Line]:
    """What is said now, as far as it is known."""
    if again is None or again.row is None:
        hint = "under way" if again else NOT_SENT
        return [((text, "quiet"),) for text in wrap(hint, width)]
    return _page(again.row, again.answer, width)


def _page(row: Record, said: Said | None, width: int) -> list[Line]:
    """An answer under its figures; `said` is None while there is none."""
    return [*_figures(row, width), (), *_said(row, said, width)]


def _figures(row: Record, width: int) -> Iterator[Line]:
    cost = dollars(row.cost) if row.cost is not None else "unknown"
    if width < LABELLED:
        facts = (cost, f"{amount(row.usage.output)} out", duration(row.latency))
        yield ((" · ".join(facts), "text"),)
        return
    yield from entry("cost", cost, width)
    yield from entry("tokens", _tokens(row), width)
    yield from entry("time", _time(row), width)


def _tokens(row: Record) -> str:
    usage = row.usage
    cached = (usage.cache_read or 0) + (usage.cache_write or 0)
    told = [f"{amount(usage.input)} in" if usage.input is not None else ""]
    told += [f"{amount(cached)} cached" if cached else ""]
    told += [f"{amount(usage.output)} out" if usage.output is not None else ""]
    return ", ".join(part for part in told if part) or "not told"


def _time(row: Record) -> str:
    first = f", first byte {duration(row.first_byte)}" if row.first_byte is not None else ""
    return f"{duration(row.latency)}{first}" if row.latency is not None else "under way"


def _said(row: Record, said: Said | None, width: int) -> Iterator[Line]:
    if row.state == "failed":
        yield from _lines(f"{row.status} {row.error}", "bad", width)
    elif said is None:
        yield from _lines("under way", "quiet", width)
    elif said.why:
        yield from _lines(sentence(said.why), "quiet", width)
    if said is not None:
        yield from _parts(said, width)


def _parts(said: Said, width: int) -> Iterator[Line]:
    for number, part in enumerate(said.parts):
        if number:
            yield ()
        yield from _lines(*_words(part), width)
    if said.more:
        yield (("… and more, that is not shown", "quiet"),)
    elif any(part.kind == "call" for part in said.parts):
        yield ()
        yield from _lines(ONLY_SHOWN, "quiet", width)


def _words(part: Part) -> tuple[str, str]:
    return {
        "text": (part.text, "text"),
        "thinking": (part.text or UNREADABLE, "quiet"),
        "call": (f"▸ {part.text}", "accent"),
        "other": (f"a block of another kind: {part.text}", "quiet"),
    }[part.kind]


def _lines(text: str, style: str, width: int) -> Iterator[Line]:
    for line in text.expandtabs(4).split("\n"):
        yield from (((part, style),) for part in wrap(plain(line), width))
