"""A provider as a row of the list, and in full below it."""

from collections.abc import Iterator

from msgspec import Struct, field

from app.holds.upstreams import Tested
from app.tags import state
from app.tallies import Tally
from app.text import UNKNOWN, amount, clock, counted, duration, plain, whole
from app.widgets.canvas import Line, Piece, entry, wrap
from app.widgets.grid import Column, Row
from classifier.tiers import Tier
from proxy.config.model import ProviderConfig
from proxy.providers.breaker import MOST_FAILURES, Standing
from proxy.providers.catalog import KINDS
from proxy.routing.table import Table

NONE = "No provider is configured. `lynkr-tui init` finds them, or write [providers.NAME]."
UNTESTED = "t asks it for its models now; nothing is asked before"
COLUMNS = (
    Column("provider", 12, 0, grow=True),
    Column("kind", 22, 4),
    Column("state", 18, 0),
    Column("first byte", 10, 1, right=True),
    Column("answers", 7, 3, right=True),
    Column("failed", 6, 2, right=True),
    Column("429s", 5, 2, right=True),
    Column("retries", 7, 5, right=True),
    Column("fell back", 9, 6, right=True),
    Column("models", 7, 7, right=True),
)
_LEVELS = {"ok": ("✓", "good"), "warn": ("!", "warn"), "fail": ("✗", "bad")}


class Shown(Struct, frozen=True):
    """All that is known of one provider. `tested` is None before a test, `testing` during one."""

    name: str
    config: ProviderConfig
    standing: Standing | None = None  # None where it was not called yet
    tally: Tally = field(default_factory=Tally)
    keys: tuple[str, ...] = ()  # by name, as Upstreams tells them
    tested: Tested | None = None
    testing: bool = False


def row(one: Shown) -> Row:
    """Its line in the list."""
    tally = one.tally
    return (
        (plain(one.name, 80), "text"),
        (one.config.kind, "quiet"),
        _state(one),
        (duration(tally.first_byte), "text"),
        (amount(tally.answers), "text"),
        (amount(tally.failed), "bad" if tally.failed else "quiet"),
        (amount(tally.limited), "warn" if tally.limited else "quiet"),
        (amount(tally.retries), "warn" if tally.retries else "quiet"),
        (amount(tally.left), "warn" if tally.left else "quiet"),
        _listed(one),
    )


def page(one: Shown | None, table: Table, width: int) -> list[Line]:
    """The lines of a provider at a width in cells."""
    return [] if one is None else list(_lines(one, table, width))


def _lines(one: Shown, table: Table, width: int) -> Iterator[Line]:
    config, state = one.config, _state(one)
    where = config.base_url or KINDS[config.kind].base_url
    yield (
        (f"{plain(one.name, 80)}  ", "bold"),
        (f"{config.kind} · {KINDS[config.kind].dialect}  ", "quiet"),
        (plain(where, 200), "quiet"),
    )
    yield from entry("state", f"{state[0]}{_failures(one)}", width, state[1])
    yield from _test(one, width)
    yield from entry("keys", " · ".join(plain(key, 120) for key in one.keys), width)
    yield from entry("limits", _limits(config), width)
    yield from entry("calls", _calls(one.tally), width)
    yield from entry("time", _time(one.tally), width)
    yield from entry("tiers", " · ".join(_tiers(one.name, table)) or "none leads here", width)
    yield from _models(one, width)


def _state(one: Shown) -> Piece:
    words, style = ("… testing", "primary") if one.testing else state(one.standing)
    return words, "warn" if style == "good" and _failures(one) else style


def _failures(one: Shown) -> str:
    standing = one.standing
    if standing is None or not standing.failures:
        return ""
    last = f"; last: {plain(standing.why, 300)}" if standing.why else ""
    return f", {standing.failures} of {MOST_FAILURES} failures that open its breaker{last}"


def _limits(config: ProviderConfig) -> str:
    limits = (("requests", config.rpm), ("tokens", config.tpm))
    said = [f"{whole(most)} {what} a minute" for what, most in limits if most]
    return " · ".join(said) or "none configured (rpm, tpm)"


def _calls(tally: Tally) -> str:
    return (
        f"{counted(tally.answers, 'answer')} · {whole(tally.failed)} failed · "
        f"{counted(tally.limited, 'time')} over its limit (429) · "
        f"{counted(tally.retries, 'retry', 'retries')} · "
        f"{whole(tally.left)} fell back to another"
    )


def _time(tally: Tally) -> str:
    if tally.latency is None:
        return "no answer yet"
    first, last = duration(tally.first_byte), duration(tally.latency)
    return f"first byte {first} · whole {last}, {_recent(len(tally.whole))}"


def _recent(answers: int) -> str:
    return "of one answer" if answers == 1 else f"medians of the last {answers} answers"


def _tiers(name: str, table: Table) -> Iterator[str]:
    for tier in Tier:
        if table.tiers[tier].provider == name:
            yield f"{tier.name} {plain(table.tiers[tier].model, 120)}"
        for target in table.fallback.get(tier, ()):
            if target.provider == name:
                yield f"{tier.name}'s fallback {plain(target.model, 120)}"


def _listed(one: Shown) -> Piece:
    models = one.tested.models if one.tested else None
    return (UNKNOWN, "quiet") if models is None else (whole(len(models)), "text")


def _test(one: Shown, width: int) -> Iterator[Line]:
    tested = one.tested
    if tested is None or one.testing:
        yield from entry("test", "asking it for its models …" if one.testing else UNTESTED, width)
        return
    sign, style = _LEVELS[tested.finding.level]
    fix = f"; {tested.finding.fix}" if tested.finding.fix else ""
    said = plain(tested.finding.said + fix, 600)
    when = f"{clock(tested.at)}, {duration(tested.took)}"
    yield from entry("test", f"{sign} {said} ({when})", width, style)


def _models(one: Shown, width: int) -> Iterator[Line]:
    models = one.tested.models if one.tested else None
    if models:
        yield ()
        yield (("models it lists", "title"),)
    for model in models or ():
        yield from (((text, "text"),) for text in wrap(plain(model, 200), width))
