"""From a request to a tier: force-patterns first, then the score with its floors."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from classifier.agentic import floor
from classifier.ask import Ask
from classifier.features import Features, extract, intent
from classifier.force import Forces
from classifier.risk import assess
from classifier.score import Score, score_of
from classifier.tiers import DEFAULT_BOUNDARIES, Tier, tier_of


class Verdict(Struct, frozen=True):
    """The tier, why (`force:NAME`, `risk:NAME`, `agentic`, `score`), and the path to it: each step
    begins with the name of who says it."""

    tier: Tier
    reason: str
    score: Score
    steps: tuple[str, ...]
    features: Features = field(default_factory=Features)


def classify(
    ask: Ask,
    boundaries: Sequence[float] = DEFAULT_BOUNDARIES,
    forces: Forces | None = None,
    weights: Mapping[str, float] | None = None,
) -> Verdict:
    """Decide the tier of `ask`: a force-pattern wins, else the score, raised by risk and agency."""
    own = intent(ask)
    features = extract(ask, own)
    forced = forces.match(own) if forces else None
    if forced is None:
        return weighed(features, boundaries, weights)
    scored = score_of(features, weights)
    steps = (
        f"score: {scored.total:g} → {tier_of(scored.total, boundaries).name}",
        f"pattern: {forced.name} decides {forced.tier.name}",
    )
    return Verdict(forced.tier, f"force:{forced.name}", scored, steps, features)


def least_of(features: Features) -> Tier:
    """The tier below which risk and agency let nothing go, whatever the score."""
    agency, risk = floor(features), assess(features)
    return max(agency[0] if agency else Tier.SIMPLE, risk.floor if risk else Tier.SIMPLE)


def weighed(
    features: Features,
    boundaries: Sequence[float] = DEFAULT_BOUNDARIES,
    weights: Mapping[str, float] | None = None,
) -> Verdict:
    """The verdict by measures alone: the score's tier, raised by risk and agency."""
    scored = score_of(features, weights)
    tier, reason = tier_of(scored.total, boundaries), "score"
    steps = [f"score: {scored.total:g} → {tier.name}"]
    agency, risk = floor(features), assess(features)
    if agency and agency[0] > tier:
        tier, reason = agency[0], "agentic"
        steps.append(f"agency: raises to {tier.name}, {agency[1]}")
    if risk and risk.floor > tier:
        tier, reason = risk.floor, f"risk:{risk.name}"
        steps.append(f"risk: {risk.name} raises to {tier.name}, {risk.evidence}")
    return Verdict(tier, reason, scored, tuple(steps), features)
