"""The lines of the rewrite screen: tokens before and after, what each technique saved, a diff."""

from collections.abc import Iterator

from app.rewritten import by_technique, differences
from app.text import dollars, plain, whole
from app.widgets.canvas import Line, columns, fit, wrap
from app.widgets.details import heading, tokens, tools
from proxy.record import Record

TWO_COLUMNS = 96  # cells, from which the techniques stand beside the tokens
NONE_YET = "Select an exchange on the live screen (l) to see what its rewrite did."
_STYLES = {"-": "bad", "+": "good", "…": "quiet", " ": "text"}


def sums(row: Record | None, width: int) -> list[Line]:
    """What was sent in place of what came, at a width in cells."""
    if row is None:
        return [((text, "quiet"),) for text in wrap(NONE_YET, width)]
    counted, techniques = list(tokens(row, width)), list(_techniques(row))
    if width >= TWO_COLUMNS:
        counted = columns(counted, techniques, 52)
    else:
        counted = [*counted, (), *techniques]
    return [*heading(row, width), *counted, *_money(row, width), (), *tools(row, width)]


def _techniques(row: Record) -> Iterator[Line]:
    """A table: the technique, on how many tools or results, and what it saved."""
    saved = by_technique(row)
    if saved:
        yield ((f"{'technique':<24}", "title"), (f"{'times':>6}{'saved ~':>10}", "quiet"))
    for one in saved:
        style = "good" if one.tokens > 0 else "text"
        name = fit(plain(one.technique, 80), 24)
        yield ((name, "text"), (f"{one.times:>6}", "quiet"), (f"{whole(one.tokens):>10}", style))
    if not saved:
        yield (("sent as it came", "quiet"),)


def _money(row: Record, width: int) -> Iterator[Line]:
    saved = row.money_by_rewriting
    if saved is None:
        said = "dollars saved by rewriting: not known" if row.ended else ""
    else:
        came = f"~{dollars(row.cost_as_came)} as it came"
        said = f"{dollars(row.cost)} instead of {came}: ~{dollars(saved)} saved by rewriting"
    yield from (((text, "quiet"),) for text in wrap(said, width) if text)


def diff(pair: tuple[str, str] | None, why: str, width: int) -> list[Line]:
    """What a result was and became, line by line; without a pair, why there is none."""
    if pair is None:
        return [((text, "quiet"),) for text in wrap(why, width)]
    return [
        ((f"{mark} ", _STYLES[mark]), (text, _STYLES[mark]))
        for mark, line in differences(*pair)
        for text in wrap(plain(line), max(width - 2, 1))
    ]
