"""The route stage: a person's choice, else the verdict, as the session's pin and class have it."""

from collections.abc import Container

from classifier.ask import Ask
from classifier.decide import Verdict, classify
from classifier.tiers import Tier
from proxy.dialects.model import Request
from proxy.errors import BadRequest
from proxy.exchange import Decision, Replay
from proxy.routing.asking import in_tool_round
from proxy.routing.economy import Economy
from proxy.routing.long_context import plain
from proxy.routing.loops import stuck
from proxy.routing.pins import Judge, Pin, pin_of, unfolded
from proxy.routing.side import Side
from proxy.routing.table import Table, Target
from proxy.routing.view import View

TIER_HEADER = "x-lynkr-tier"
OWN_NAME = "lynkr"  # lynkr/simple, lynkr/medium, …


def judge(view: View, table: Table) -> Verdict:
    """Score the conversation; the verdict is reached once in a round."""
    return _judge_by(table)(view.ask)


def pinned(view: View, table: Table, economy: Economy) -> Pin:
    """The pin at the present round: what the conversation so far makes of the verdict."""
    return pin_of(view.ask, view.rounds, table, _judge_by(table), economy)


def to_judge(view: View, table: Table) -> int:
    """How many of the session's rounds have to be judged first: many only after a restart."""
    return unfolded(view.ask, view.rounds, table)


def _judge_by(table: Table) -> Judge:
    def judged(ask: Ask) -> Verdict:
        return table.verdicts.get(
            ask, lambda: classify(ask, table.boundaries, table.forces, table.weights)
        )

    return judged


def decide(
    request: Request,
    verdict: Verdict,
    table: Table,
    session: str,
    header: str,
    providers: Container[str] = (),
    pin: Pin | None = None,
    side: Side | None = None,
) -> Decision:
    """Where to send it: a person's choice (key, header, model name) before the verdict.

    `providers` are the configured ones: a client may name any model of theirs. `pin` is the
    session's, `side` the tier for what a client asks on the side.
    """
    override = table.override_of(session)
    if override is not None:
        step = f"override: a person holds its session to {override.name}"
        return _chosen(table, override, "override", step, verdict)
    if header:
        tier = _tier_named(header)
        step = f"override: {TIER_HEADER} asks for {tier.name}"
        return _chosen(table, tier, "header", step, verdict)
    named = _named(request, table, verdict, providers)
    if named is None and side is not None and not _by_own_rule(verdict, table):
        return _chosen(table, side.tier, f"force:{side.name}", side.step, verdict)
    return named or _judged(request, table, verdict, pin or Pin(verdict.tier, verdict.tier))


def replayed(replay: Replay, verdict: Verdict, table: Table) -> Decision:
    """Where a replay goes: to the tier that a person chose for it, whatever holds its session."""
    step = f"override: a person chose {replay.tier.name} to replay {replay.of[:8]}"
    return _chosen(table, replay.tier, "replay", step, verdict)


def _chosen(table: Table, tier: Tier, reason: str, step: str, verdict: Verdict) -> Decision:
    return Decision(tier, reason, table.tiers[tier], (*verdict.steps, step))


def _tier_named(name: str) -> Tier:
    try:
        return Tier[name.strip().upper()]
    except KeyError:
        raise BadRequest(
            f"{TIER_HEADER}: {name[:40]!r} is not a tier; use one of {', '.join(Tier.__members__)}"
        ) from None


def _named(
    request: Request, table: Table, verdict: Verdict, providers: Container[str]
) -> Decision | None:
    """A client that asks for `lynkr/complex` gets that tier, one that asks for `provider/model`
    gets that model; any other name is no choice."""
    provider, _, model = request.model.partition("/")
    if not model:
        return None
    step = f"override: the client asked for {request.model}"
    tier = Tier.__members__.get(plain(model).upper())
    if provider == OWN_NAME and tier is not None:
        return _chosen(table, tier, "override", step, verdict)
    asked = Target(provider, model)
    for tier, target in table.tiers.items():
        if asked == target:
            return _chosen(table, tier, "override", step, verdict)
    if provider not in providers:
        return None
    return Decision(verdict.tier, "override", asked, (*verdict.steps, step))


def _by_own_rule(verdict: Verdict, table: Table) -> bool:
    return verdict.reason in {f"force:{rule.name}" for rule in table.patterns}


def _judged(request: Request, table: Table, verdict: Verdict, pin: Pin) -> Decision:
    steps = (*verdict.steps, pin.step) if pin.step else verdict.steps
    target = table.tiers[pin.given]
    above = next(table.above(pin.given, target), None)
    if above is not None and (why := stuck(request.messages)):
        up, stronger = above
        step = f"pin: raised to {up.name} until the tool round ends: {why}"
        return Decision(up, "escalated", stronger, (*steps, step))
    if in_tool_round(request.messages):
        step = f"pin: held at {pin.given.name} until the tool round ends"
        return Decision(pin.given, "pinned", target, (*steps, step))
    reason = verdict.reason if pin.given == verdict.tier else "pinned"
    return Decision(pin.given, reason, target, steps)
