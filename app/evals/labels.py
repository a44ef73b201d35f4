"""Which tiers would do for a row, by the labels that public files use."""

from typing import Any, Final

from classifier.tiers import Tier

S, M, C, R = Tier.SIMPLE, Tier.MEDIUM, Tier.COMPLEX, Tier.REASONING

TRIVIA: Final = frozenset({"greeting", "thank_you", "goodbye", "yes", "no"})  # CLINC150's intents
# Lynkr's difficulty anchors.
ANCHORS: Final = {"trivial": (S, M), "substantive": (M, C), "heavyweight": (C, R)}
# The probes of vLLM's semantic router name decisions of their own. Those that say nothing of
# difficulty are left out.
DECISIONS: Final = {
    "simple_general": (S, M),
    "casual_chat": (S, M),
    "fast_qa": (S, M),
    "simple_math_fast_path": (S, M),
    "feedback_need_clarification": (S, M),
    "feedback_default": (S, M),
    "unified_speed_first_route": (S, M),
    "unified_cost_first_route": (S, M),
    "unified_balance_route": (S, M),
    "balance_standard": (S, M),
    "speed_interactive": (S, M),
    "cost_direct_economy": (S, M),
    "local_standard": (S, M),
    "vault_private_default": (S, M),
    "keep_7b": (S, M),
    "medium_general": (S, C),
    "medium_creative": (S, C),
    "medium_explainer": (S, C),
    "medium_code_general": (M, C),
    "domain_code": (S, C),
    "feedback_code_recovery": (M, R),
    "domain_business": (M, C),
    "domain_code_complex": (C, R),
    "complex_general": (C, R),
    "complex_specialist": (C, R),
    "reasoning_deep": (C, R),
    "formal_math_proof": (R, R),
    "premium_legal": (C, R),
    "cloud_frontier_reasoning": (C, R),
    "accuracy_workflow": (C, R),
    "accuracy_deliberation": (C, R),
    "balance_deliberate": (M, R),
    "unified_balance_deliberate_route": (M, R),
    "unified_cost_local_reasoning": (C, R),
    "cost_bounded_reasoning": (M, R),
    "unified_speed_heavy_route": (C, R),
    "speed_heavy_workload": (M, R),
}


def bounds_of(row: dict[str, Any]) -> tuple[Tier, Tier] | None:
    """The lowest and the highest tier that would do; None where the label does not say."""
    if row.get("acceptable"):
        tiers = sorted(Tier[name] for name in row["acceptable"] if name in Tier.__members__)
        return (tiers[0], tiers[-1]) if tiers else None
    expected = str(row.get("expected") or "")
    if expected in Tier.__members__:
        return Tier[expected], Tier[expected]
    return ANCHORS.get(expected) or DECISIONS.get(expected)
