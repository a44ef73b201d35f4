"""The routing table: tiers, boundaries, force-patterns, overrides. Immutable, swapped whole."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from msgspec import Struct, field
from msgspec.structs import force_setattr, replace

from classifier.decide import Verdict
from classifier.dimensions import DIMENSIONS
from classifier.force import ForcePattern, Forces, compile_patterns
from classifier.tiers import DEFAULT_BOUNDARIES, Tier
from proxy.memo import Memo

if TYPE_CHECKING:
    from proxy.routing.pins import Pin

OVERRIDES_KEPT = 1000
VERDICTS_KEPT = 100  # of some 6 KB each
PINS_KEPT = 10_000  # rounds of sessions


class Target(Struct, frozen=True):
    """A model at a provider, written `provider/model`."""

    provider: str
    model: str

    @classmethod
    def of(cls, text: str) -> "Target":
        """Parse `provider/model`; the model may hold slashes. ValueError if a half is missing."""
        provider, _, model = text.partition("/")
        if not provider or not model:
            raise ValueError(f"{text!r} is not provider/model, e.g. local/qwen2.5-coder:7b")
        return cls(provider, model)

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"


class Derived(Struct):
    """What a table's rules make: its patterns compiled, and what they came to lately."""

    forces: Forces
    verdicts: Memo[Verdict]
    pins: "Memo[Pin]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Derived)  # tables are equal where their rules are


class Table(Struct, frozen=True):
    """Everything that decides a route. `forces` is derived from `patterns`: the user's, in order.
    `verdicts` and `pins` are those that this table came to lately.

    Raises ValueError, saying what and why, for a table that can't be used.
    """

    tiers: Mapping[Tier, Target]
    boundaries: tuple[float, ...] = DEFAULT_BOUNDARIES
    patterns: tuple[ForcePattern, ...] = ()
    weights: Mapping[str, float] | None = None
    overrides: Mapping[str, Tier] = field(default_factory=dict)  # session → tier
    override_new: Tier | None = None  # for sessions without an override of their own
    fallback: Mapping[Tier, tuple[Target, ...]] = field(default_factory=dict)  # tried in order
    _derived: Derived | None = None

    def __post_init__(self) -> None:
        check_boundaries(self.boundaries)
        check_weights(self.weights or {})
        force_setattr(self, "tiers", MappingProxyType(dict(self.tiers)))
        force_setattr(self, "overrides", MappingProxyType(dict(self.overrides)))
        chains = {tier: tuple(chain) for tier, chain in self.fallback.items() if chain}
        force_setattr(self, "fallback", MappingProxyType(chains))
        derived = Derived(compile_patterns(self.patterns), Memo(VERDICTS_KEPT), Memo(PINS_KEPT))
        force_setattr(self, "_derived", derived)

    @property
    def forces(self) -> Forces:
        return cast(Derived, self._derived).forces

    @property
    def verdicts(self) -> Memo[Verdict]:
        return cast(Derived, self._derived).verdicts

    @property
    def pins(self) -> "Memo[Pin]":
        return cast(Derived, self._derived).pins

    def with_tier(self, tier: Tier, target: Target) -> "Table":
        return replace(self, tiers={**self.tiers, tier: target})

    def with_override(self, session: str, tier: Tier | None) -> "Table":
        """Hold a session to a tier, or let it go with None; the oldest fall off past 1,000."""
        kept = {key: held for key, held in self.overrides.items() if key != session}
        if tier is not None:
            kept[session] = tier
        return replace(self, overrides=dict(list(kept.items())[-OVERRIDES_KEPT:]))

    def steered_as(self, other: "Table") -> "Table":
        """These rules with the overrides of `other`, which are no rules but a person's steering."""
        return replace(self, overrides=other.overrides, override_new=other.override_new)

    def above(self, tier: Tier, target: Target) -> Iterator[tuple[Tier, Target]]:
        """The tiers above `tier` whose model is another than `target`, the next one first."""
        for higher in Tier:
            if higher > tier and self.tiers[higher] != target:
                yield higher, self.tiers[higher]

    def below(self, tier: Tier, target: Target) -> Iterator[tuple[Tier, Target]]:
        """The tiers below `tier` whose model is another than `target`, the next one first."""
        for lower in reversed(Tier):
            if lower < tier and self.tiers[lower] != target:
                yield lower, self.tiers[lower]

    def override_of(self, session: str) -> Tier | None:
        return self.overrides.get(session, self.override_new)


def check_boundaries(cuts: tuple[float, ...]) -> None:
    """Raises ValueError unless three numbers rise within 0 to 100."""
    rising = list(cuts) == sorted(set(cuts))
    if len(cuts) != len(Tier) - 1 or not rising or not 0 <= cuts[0] <= cuts[-1] <= 100:
        raise ValueError("boundaries must be three numbers that rise, 0 to 100, e.g. [20, 51, 76]")


def check_weights(given: Mapping[str, float]) -> None:
    """Raises ValueError unless, with the shipped ones for those left out, they sum to 1."""
    shipped = {row.name: row.weight for row in DIMENSIONS}
    unknown = sorted(given.keys() - shipped.keys())
    if unknown:
        raise ValueError(f"weights: {unknown[0]!r} is not a dimension; use {', '.join(shipped)}")
    total = sum({**shipped, **given}.values())
    if abs(total - 1) > 1e-6 or min(given.values(), default=0) < 0:
        raise ValueError(f"weights must not be negative and sum to 1; they sum to {total:.4g}")


class Routing:
    """Holds the table in force; `replace` swaps it between two requests, never within one."""

    def __init__(
        self, table: Table, changed: Callable[[Table, str], None] = lambda table, by: None
    ) -> None:
        self._table = table
        self._changed = changed

    @property
    def table(self) -> Table:
        return self._table

    def replace(self, table: Table, by: str = "dashboard") -> None:
        """Put `table` in force from the next request on, and tell everyone who changed it."""
        self._table = table
        self._changed(table, by)
