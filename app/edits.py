"""Changes to a routing table: values in, a new table out; an error says what is wrong where."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from classifier.dimensions import DIMENSIONS
from classifier.force import ForcePattern, compile_patterns
from classifier.tiers import Tier
from proxy.routing.table import Table, Target, check_weights

Edit = Callable[[Table], Table]
UNDO_KEPT = 200
LOWEST, HIGHEST = 0.0, 100.0
SHIPPED = {row.name: row.weight for row in DIMENSIONS}
PLACES, EVEN = 4, 3  # of a weight, after the point: at most, and where evened out
NAME_LIMIT, PATTERN_LIMIT = 60, 4000


class FieldError(ValueError):
    """What is wrong, and in which field: target, name, pattern, tier, boundary or weights."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def set_tier(tier: Tier, text: str) -> Edit:
    """Send a tier to `provider/model`; FieldError where the text is not that."""
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise FieldError("target", "provider/model has no spaces, e.g. local/qwen2.5-coder:7b")
    try:
        target = Target.of(text)
    except ValueError as problem:
        raise FieldError("target", str(problem)) from None
    return lambda table: table.with_tier(tier, target)


def moved(boundaries: Sequence[float], which: int, by: float) -> tuple[float, ...]:
    """Move one boundary, no further than to a point beside its neighbours."""
    ends = (LOWEST, *boundaries, HIGHEST)
    low, high = ends[which] + 1, ends[which + 2] - 1
    to = min(max(round(boundaries[which] + by), low), high)
    return tuple(to if at == which else value for at, value in enumerate(boundaries))


def set_boundaries(boundaries: Sequence[float]) -> Edit:
    """Cut the score elsewhere; the boundaries must rise and lie between 0 and 100."""
    ends = (LOWEST, *boundaries, HIGHEST)
    if len(boundaries) != 3 or any(low >= high for low, high in zip(ends, ends[1:], strict=False)):
        raise FieldError("boundary", "three boundaries are needed, rising, between 0 and 100")
    return lambda table: replace(table, boundaries=tuple(boundaries))


def weighing(table: Table) -> dict[str, float]:
    """The weights that a table goes by, all of them."""
    given = table.weights or {}
    return {name: given.get(name, weight) for name, weight in SHIPPED.items()}


def nudged(weights: Mapping[str, float], name: str, by: float) -> dict[str, float]:
    """Move one weight, no further than to 0 or 1."""
    return {**weights, name: min(max(round(weights[name] + by, PLACES), 0.0), 1.0)}


def evened(weights: Mapping[str, float], keep: str) -> dict[str, float]:
    """All but `keep` grow or shrink alike, so that the sum is 1."""
    rest = 1 - weights[keep]
    others = {name: weight for name, weight in weights.items() if name != keep}
    total = sum(others.values())
    share = {
        name: round(weight * rest / total if total else rest / len(others), EVEN)
        for name, weight in others.items()
    }
    largest = max(share, key=lambda name: share[name])  # takes what rounding left over
    share[largest] = round(share[largest] + rest - sum(share.values()), PLACES)
    return {name: share.get(name, weights[name]) for name in weights}


def in_proportion(weights: Mapping[str, float]) -> dict[str, float] | None:
    """The same weights as shares of their sum; None where that is nought."""
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()} if total else None


def set_weights(weights: Mapping[str, float]) -> Edit:
    """Weigh the dimensions so; FieldError where the sum is not 1. The shipped ones are no weights
    of one's own: later builds may weigh otherwise."""
    try:
        check_weights(weights)
    except ValueError as problem:
        raise FieldError("weights", str(problem)) from None
    own = None if dict(weights) == SHIPPED else dict(weights)
    return lambda table: replace(table, weights=own)


def checked(name: str, pattern: str, tier: str, enabled: bool = True) -> ForcePattern:
    """A force-pattern from what a person typed. FieldError names the field at fault."""
    name, tier = name.strip(), tier.strip().upper()
    if not name or len(name) > NAME_LIMIT or not name.isprintable():
        raise FieldError("name", f"a name of 1 to {NAME_LIMIT} letters is needed, e.g. greeting")
    if not pattern or len(pattern) > PATTERN_LIMIT:
        raise FieldError("pattern", r"a pattern is needed, e.g. ^(hi|hello)\b")
    if tier not in Tier.__members__:
        raise FieldError("tier", f"not a tier: choose {', '.join(Tier.__members__)}")
    rule = ForcePattern(name, pattern, Tier[tier], enabled)
    try:
        compile_patterns([rule], builtin=False)
    except ValueError as problem:
        why = str(problem).partition(f"({pattern}): ")[2] or str(problem)
        raise FieldError("pattern", why) from problem
    return rule


def add(rule: ForcePattern) -> Edit:
    """Put a new force-pattern last."""

    def edit(table: Table) -> Table:
        _refuse_twin(table, rule.name)
        return replace(table, patterns=(*table.patterns, rule))

    return edit


def change(old: ForcePattern, new: ForcePattern) -> Edit:
    """Put `new` where `old` stands."""

    def edit(table: Table) -> Table:
        at = _place(table, old)
        if new.name != old.name:
            _refuse_twin(table, new.name)
        return replace(table, patterns=(*table.patterns[:at], new, *table.patterns[at + 1 :]))

    return edit


def delete(rule: ForcePattern) -> Edit:
    def edit(table: Table) -> Table:
        at = _place(table, rule)
        return replace(table, patterns=table.patterns[:at] + table.patterns[at + 1 :])

    return edit


def shift(rule: ForcePattern, by: int) -> Edit:
    """Move a force-pattern up (negative) or down the order in which patterns are tried."""

    def edit(table: Table) -> Table:
        at = _place(table, rule)
        rest = [*table.patterns[:at], *table.patterns[at + 1 :]]
        rest.insert(min(max(at + by, 0), len(rest)), rule)
        return replace(table, patterns=tuple(rest))

    return edit


def toggle(rule: ForcePattern) -> Edit:
    return change(rule, replace(rule, enabled=not rule.enabled))


def restored(now: Table, then: Table) -> Table:
    """`then` again, but with the overrides that hold now: those are steering, not rules."""
    return then.steered_as(now)


def same_rules(one: Table, other: Table) -> bool:
    """Whether two tables route alike, overrides aside."""
    return restored(one, other) == one


class Trail(Struct, frozen=True):
    """The tables before and after the one in force, for undo and redo; newest last."""

    past: tuple[Table, ...] = ()
    future: tuple[Table, ...] = ()

    def did(self, before: Table) -> "Trail":
        return Trail((*self.past, before)[-UNDO_KEPT:])

    def undone(self, now: Table) -> "Trail":
        return Trail(self.past[:-1], (*self.future, now))

    def redone(self, now: Table) -> "Trail":
        return Trail((*self.past, now), self.future[:-1])


def _place(table: Table, rule: ForcePattern) -> int:
    if rule not in table.patterns:
        raise FieldError("name", f"{rule.name} was changed elsewhere meanwhile")
    return table.patterns.index(rule)


def _refuse_twin(table: Table, name: str) -> None:
    if any(rule.name == name for rule in table.patterns):
        raise FieldError("name", f"there is a pattern called {name} already")
