"""What a provider's quirks leave of limits, sampling and effort, by model."""

from proxy.dialects.model import Body, Request
from proxy.dialects.quirks import Quirks

LADDER = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_BUDGETS = ((4096, "low"), (16384, "medium"), (float("inf"), "high"))  # tokens of thinking
_SAMPLING = ("temperature", "top_p", "top_k")


def without(body: Body, model: str, quirks: Quirks) -> Body:
    """`body` less the fields that the provider, or a reasoning model of its, refuses."""
    refused = set(quirks.refuses)
    if not quirks.sampling or reasons(model, quirks):
        refused |= set(_SAMPLING)
    return {key: value for key, value in body.items() if key not in refused}


def reasons(model: str, quirks: Quirks) -> bool:
    """Whether the provider's row names this model as a reasoning one."""
    return model.rpartition("/")[2].startswith(quirks.reasoning_models or ("\0",))


def clamp(tokens: int, quirks: Quirks) -> int:
    """`tokens`, or the most that the provider takes."""
    return min(tokens, quirks.max_tokens_limit or tokens)


def effort(request: Request, model: str, quirks: Quirks) -> str:
    """How hard to think, on the provider's ladder; never a guess, empty for no word on it."""
    wanted = request.effort or _budget_effort(request)
    takes = not quirks.reasoning_models or reasons(model, quirks)
    if wanted not in LADDER or not quirks.effort_name or not quirks.efforts or not takes:
        return ""
    return nearest(wanted, quirks.efforts)


def _budget_effort(request: Request) -> str:
    """What a thinking budget amounts to.

    A client that turned thinking on and said no more leaves the effort to the model: so do we.
    """
    if not request.thinking or request.thinking_budget is None:
        return ""
    return next(effort for below, effort in _BUDGETS if request.thinking_budget < below)


def nearest(wanted: str, offered: tuple[str, ...]) -> str:
    """The offered effort closest to the wanted one; the lower of two as close."""
    rung = LADDER.index(wanted)
    return min(offered, key=lambda effort: abs(LADDER.index(effort) - rung))
