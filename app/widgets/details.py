"""One exchange in full, as lines: score by dimension, route and why, what was sent and billed."""

from collections.abc import Iterator

from rich.cells import cell_len

from app.decision import path_of
from app.figures import HITS, saved_tokens, sent
from app.text import amount, clock, counted, dollars, duration, plain, short_session, whole
from app.widgets.canvas import LABEL, Line, bar, columns, entry, fit, width_of, wrap
from app.widgets.waterfall import waterfall
from classifier.score import Part
from proxy.exchange import Tokens
from proxy.record import Record

TWO_COLUMNS = 104  # cells, from which what was decided and what it cost stand side by side
EMPTY = "What you select shows here: its score in 13 parts, where it went and why, what it saved."
_BAR = 8
_HARD_SPACE = "\xa0"
_NAME = 21
_FIGURES = 20  # cells of value, weight and points
_POINTS = 7
_STAGE = 13
_TABLE = 54  # cells of the tokens, a column a section
EVIDENCE = 34  # cells; with less room beside the figures it stands below them


def page(row: Record | None, width: int) -> list[Line]:
    """The lines of an exchange at a width in cells; a hint where none is selected."""
    if row is None:
        return [(), *(((text, "quiet"),) for text in wrap(EMPTY, width))]
    if width < TWO_COLUMNS:
        return [*_head(row, width), (), *_score(row, width), (), *_rest(row, width)]
    half = (width - 3) // 2
    ways = [*_steps(row, half), (), *tools(row, half), *_results(row, half)]
    sums = [*tokens(row, width - half - 3), (), *_bill(row, width - half - 3)]
    return [*_head(row, width), (), *_score(row, width), (), *columns(ways, sums, half)]


def heading(row: Record, width: int) -> Iterator[Line]:
    """Where an exchange went, and why; on a line of its own where one is too short for both."""
    tier = row.tier or "not routed yet"
    went: Line = ((f"{tier}  ", row.tier or "quiet"), (f"{_target(row)}  ", "bold"))
    why = f"because: {plain(row.reason, 80)}" if row.reason else ""
    if width_of(went) + cell_len(why) <= width:
        yield (*went, (why, "quiet"))
        return
    if width_of(went) > width:
        yield went[:1]
        yield from (((text, "bold"),) for text in wrap(_target(row), width))
    else:
        yield went
    if why:
        yield from (((text, "quiet"),) for text in wrap(why, width))


def _head(row: Record, width: int) -> Iterator[Line]:
    yield from heading(row, width)
    for facts in (_who(row), _sum(row)):
        for text in wrap(" · ".join(_whole(fact) for fact in facts if fact), width):
            yield ((text.replace(_HARD_SPACE, " "), "quiet"),)
    if row.state == "waiting":
        yield from entry("waits", plain(row.steps[-1]), width, "warn")
    if row.error:
        yield from entry("failed", f"{_status(row)}{plain(row.error)}", width, "bad")


def _whole(fact: str) -> str:
    """A fact that is not broken between two lines."""
    return fact.replace(" ", _HARD_SPACE)


def _who(row: Record) -> tuple[str, ...]:
    return (
        clock(row.at),
        f"session {short_session(row.session)}",
        plain(row.client, 40),
        plain(row.dialect, 40),
        f"{row.turns} turns" if row.turns != 1 else "1 turn",
        f"asked for {plain(row.asked_model, 80)}",
    )


def _stands(row: Record) -> str:
    return "waits for you" if row.state == "waiting" else "still running"


def _sum(row: Record) -> tuple[str, ...]:
    tokens = f"~{amount(row.before.total)} → {amount(sent(row).total)} tokens"
    return (
        tokens if row.before.total else "",
        f"cache {row.cache}" if row.cache else "",
        dollars(row.cost) if row.cost is not None else "",
        f"first byte {duration(row.first_byte)}" if row.first_byte is not None else "",
        f"{duration(row.latency)} in all" if row.latency is not None else _stands(row),
        counted(row.retries, "retry", "retries") if row.retries else "",
        "fell back" if row.fell_back else "",
    )


def _status(row: Record) -> str:
    return f"{row.status}  " if row.status and str(row.status) not in row.error[:8] else ""


def _target(row: Record) -> str:
    return f"{plain(row.provider, 80)}/{plain(row.model, 120)}" if row.provider else ""


def _score(row: Record, width: int) -> Iterator[Line]:
    if row.score is None:
        yield (("score  ", "title"), ("not measured yet", "quiet"))
        return
    title = f"score {row.score:.1f}"
    if width < _NAME + _FIGURES:
        yield ((fit(title, width - _POINTS), "title"), (f"{'points':>{_POINTS}}", "quiet"))
        yield (("  value × weight, evidence", "quiet"),)
        for part in row.parts:
            yield from _brief(part, width)
        return
    yield (
        (fit(title, _NAME), "title"),
        *_bar(row.score, row.tier, width),
        (f"{'value':>6}{'weight':>7}{'points':>{_POINTS}}", "quiet"),
    )
    for part in row.parts:
        yield from _part(part, row.tier, width)


def _bar(value: float, tier: str, width: int) -> Line:
    """Nothing where name and figures alone fill the line."""
    return bar(value, _BAR, tier) if width >= _NAME + _BAR + _FIGURES else ()


def _named(part: Part) -> str:
    return plain(part.dimension, 60).replace("_", " ")


def _brief(part: Part, width: int) -> Iterator[Line]:
    """A dimension by its name and points, the rest below, where no line holds all figures."""
    style = "text" if part.points else "quiet"
    yield ((fit(_named(part), width - _POINTS), style), (f"{part.points:{_POINTS}.1f}", style))
    for text in wrap(
        f"{part.value:.0f} × {part.weight:.2f}, {plain(part.evidence, 400)}", width - 2
    ):
        yield (("  ", "text"), (text, "quiet"))


def _part(part: Part, tier: str, width: int) -> Iterator[Line]:
    figures = f"{part.value:6.0f}{part.weight:7.2f}{part.points:{_POINTS}.1f}"
    style, evidence = "text" if part.points else "quiet", plain(part.evidence, 400)
    line: Line = ((fit(_named(part), _NAME), style), *_bar(part.value, tier, width))
    line = (*line, (figures, style))
    indent = width_of(line) + 2
    if cell_len(evidence) > width - indent and width - indent < EVIDENCE:
        yield line
        line, indent = (), 2
    first, *more = wrap(evidence, width - indent)
    yield (*line, ("  ", "text"), (first, "quiet"))
    for text in more:
        yield ((" " * indent, "text"), (text, "quiet"))


def _rest(row: Record, width: int) -> Iterator[Line]:
    yield from _steps(row, width)
    yield ()
    yield from tokens(row, width)
    yield from tools(row, width)
    yield from _results(row, width)
    yield ()
    yield from _bill(row, width)


def _bill(row: Record, width: int) -> Iterator[Line]:
    yield from entry("cache", _cache(row), width)
    yield from _alike(row, width)
    yield from entry("billed", _billed(row), width)
    yield from entry("cost", _cost(row), width)
    if not row.replayed:
        yield from entry("rewriting", _by_rewriting(row), width)
    yield from entry("time", _time(row), width)
    yield from waterfall(row.moments, width)


def _steps(row: Record, width: int) -> Iterator[Line]:
    """Who was asked, what each said, and a mark at who decided."""
    yield (("decision", "title"),)
    stages = path_of(row)
    if not stages:
        yield (("not decided yet", "quiet"),)
    for stage in stages:
        mark, name = "▸ " if stage.decided else "  ", stage.name or "then"
        style = (row.tier or "text") if stage.decided else "text" if stage.spoke else "quiet"
        first, *more = wrap(plain(stage.said, 600), width - _STAGE)
        yield ((f"{mark}{name:<{_STAGE - 2}}", style if stage.decided else "quiet"), (first, style))
        yield from (((" " * _STAGE, "text"), (text, style)) for text in more)


def tokens(row: Record, width: int) -> Iterator[Line]:
    """A table of its input tokens before and after, by section."""
    if not row.before.total:
        saved = f"{whole(row.rewrite.saved)} fewer, estimated" if row.rewrite.saved else ""
        yield from entry("tokens ~", saved or "counted when the answer is through", width, "quiet")
        return
    yield from _across(row) if width >= _TABLE else _down(row)


def _down(row: Record) -> Iterator[Line]:
    """A line a section, where there is no room for a column each."""
    before, after = row.before, sent(row)
    yield ((fit("tokens ~", LABEL), "title"), (f"{'before':>9}{'after':>9}", "quiet"))
    for name in ("system", "tools", "messages", "total"):
        counts = f"{whole(getattr(before, name)):>9}{whole(getattr(after, name)):>9}"
        yield ((fit(name, LABEL), "quiet"), (counts, "text"))


def _across(row: Record) -> Iterator[Line]:
    yield (
        (fit("tokens ~", LABEL), "title"),
        (f"{'system':>9}{'tools':>9}{'messages':>10}{'total':>10}", "quiet"),
    )
    yield ((fit("before", LABEL), "quiet"), (_counts(row.before), "text"))
    yield ((fit("after", LABEL), "quiet"), (_counts(sent(row)), "text"))
    saved_share = 100 * saved_tokens(row) / row.before.total
    yield (
        (fit("saved", LABEL), "quiet"),
        (f"{whole(saved_tokens(row)):>38}", "good" if saved_tokens(row) > 0 else "text"),
        (f"  {saved_share:.0f}%", "quiet"),
    )


def _counts(tokens: Tokens) -> str:
    system, tools, messages = whole(tokens.system), whole(tokens.tools), whole(tokens.messages)
    return f"{system:>9}{tools:>9}{messages:>10}{whole(tokens.total):>10}"


def tools(row: Record, width: int) -> Iterator[Line]:
    """The tools that were kept, and those that were stripped with the reason."""
    rewrite = row.rewrite
    if not rewrite.offered:
        return
    gone: dict[str, list[str]] = {}
    for name, reason in rewrite.stripped:
        gone.setdefault(reason, []).append(plain(name, 80))
    label, kept = "tools", ", ".join(plain(name, 80) for name in rewrite.kept)
    if kept or any(gone):  # the ledger keeps the names of stripped tools alone
        said = f"{len(rewrite.kept)} of {rewrite.offered} kept"
        yield from entry(label, f"{said}: {kept}" if kept else said, width)
        label = ""
    for reason, names in gone.items():
        why = f": {plain(reason, 300)}" if reason else ""
        yield from entry(label, f"− {', '.join(names)}{why}", width, "quiet")


def _results(row: Record, width: int) -> Iterator[Line]:
    for number, result in enumerate(row.rewrite.results):
        line: Line = (
            (fit("" if number else "results", LABEL), "title"),
            (f"{plain(result.tool, 40)} by {plain(result.technique, 40)}  ", "text"),
        )
        counts: Line = (
            (f"{whole(result.before)} → ", "quiet"),
            (whole(result.after), "good" if result.after < result.before else "text"),
        )
        if width_of((*line, *counts)) > width:
            yield line
            line = ((fit("", LABEL), "text"),)
        yield (*line, *counts)


def _cache(row: Record) -> str:
    why = f": {plain(row.cache_why, 300)}" if row.cache_why else ""
    return f"{row.cache or 'not asked yet'}{why}"


def _alike(row: Record, width: int) -> Iterator[Line]:
    """What was answered before and looks alike, with the verdict on it."""
    for one in row.cache_candidates:
        sign, verdict = ("=", "the same") if one.same else ("≠", "another question")
        said = f"{sign} {one.similarity:.2f} {verdict}: {plain(one.why, 300)}"
        yield from entry("", said, width, "good" if one.same else "quiet")


def _billed(row: Record) -> str:
    usage = row.usage
    parts = (
        ("input", usage.input),
        ("cache read", usage.cache_read),
        ("cache write", usage.cache_write),
        ("output", usage.output),
        ("of it reasoning", usage.reasoning),
    )
    told = [f"{name} {whole(count)}" for name, count in parts if count is not None]
    nothing = "nothing: the cache answered" if row.cache in HITS else "the provider has not said"
    return " · ".join(told) or nothing


def _cost(row: Record) -> str:
    if row.cost is None:
        return "unknown: no price or no usage for this model" if row.ended else "not known yet"
    if row.replayed:
        return f"{dollars(row.cost)}, spent to compare: a replay saves nothing"
    if row.money_saved is None:
        return f"{dollars(row.cost)}; the price of the model asked for is unknown"
    asked = dollars(row.cost_asked)
    return f"{dollars(row.cost)} instead of {asked}: {dollars(row.money_saved)} saved"


def _by_rewriting(row: Record) -> str:
    if row.money_by_rewriting is None:
        return "dollars saved are not known"
    return f"~{dollars(row.money_by_rewriting)} saved, of ~{dollars(row.cost_as_came)} as it came"


def _time(row: Record) -> str:
    told = (
        f"first byte {duration(row.first_byte)}" if row.first_byte is not None else "",
        f"whole {duration(row.latency)}" if row.latency is not None else "running",
        _pace(row),
    )
    return " · ".join(part for part in told if part)


def _pace(row: Record) -> str:
    """Output tokens a second from the first byte on; nothing where the cache answered."""
    if row.latency is None or row.first_byte is None or row.cache in HITS:
        return ""
    seconds = (row.latency - row.first_byte) / 1000
    return f"{amount(row.usage.output / seconds)} tokens/s" if row.usage.output and seconds else ""
