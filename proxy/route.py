"""The route stage: override, header or the classifier's verdict, held through a tool round."""

from collections.abc import Container

from classifier.decide import Verdict, classify
from classifier.tiers import Tier
from proxy.asking import ask_of, in_tool_round, round_start
from proxy.dialects.model import Request
from proxy.errors import BadRequest
from proxy.exchange import Decision
from proxy.long_context import plain
from proxy.loops import stuck
from proxy.routing import Table, Target

TIER_HEADER = "x-lynkr-tier"
OWN_NAME = "lynkr"  # lynkr/simple, lynkr/medium, …


def judge(request: Request, table: Table) -> Verdict:
    """Score the conversation as it stood when the person last spoke.

    The tool results since then do not count: so each turn of a tool round, and the same round
    after a restart, gets the same verdict. It is reached once in a round.
    """
    ask = ask_of(request, round_start(request.messages))
    return table.verdicts.get(
        ask, lambda: classify(ask, table.boundaries, table.forces, table.weights)
    )


def decide(
    request: Request,
    verdict: Verdict,
    table: Table,
    session: str,
    header: str,
    providers: Container[str] = (),
) -> Decision:
    """Where to send it: a person's choice (key, header, model name) before the verdict.

    `providers` are the configured ones: a client may name any model of theirs.
    """
    override = table.override_of(session)
    if override is not None:
        return _chosen(table, override, "override", f"override holds {override.name}", verdict)
    if header:
        tier = _tier_named(header)
        return _chosen(table, tier, "header", f"{TIER_HEADER} asks for {tier.name}", verdict)
    return _named(request, table, verdict, providers) or _judged(request, table, verdict)


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
    step = f"the client asked for {request.model}"
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


def _judged(request: Request, table: Table, verdict: Verdict) -> Decision:
    why = stuck(request.messages)
    if why and verdict.tier < Tier.REASONING:
        up = Tier(verdict.tier + 1)
        step = f"raised to {up.name} until the tool round ends: {why}"
        return Decision(up, "escalated", table.tiers[up], (*verdict.steps, step))
    target: Target = table.tiers[verdict.tier]
    if in_tool_round(request.messages):
        step = f"held at {verdict.tier.name} until the tool round ends"
        return Decision(verdict.tier, "pinned", target, (*verdict.steps, step))
    return Decision(verdict.tier, verdict.reason, target, verdict.steps)
