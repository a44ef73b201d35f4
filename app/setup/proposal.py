"""Four tiers out of the models at hand: the smallest that is there, up to the best."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.setup.found import Found
from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.prices import Prices

MOST_DOLLARS = 100.0  # a million output tokens: above it nobody means it for every day
SMALLEST_WINDOW = 32_000  # tokens; below it is no chat model of today
# Known where a provider lists nothing, as with a sign-in that is only handed on.
LADDERS = {
    "anthropic": (
        "claude-haiku-5-5",
        "claude-haiku-5-5",
        "claude-sonnet-5-5",
        "claude-opus-5-5",
    ),
}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)b\b", re.IGNORECASE)
_NO_CHAT = re.compile(r"(?i)embed|rerank|whisper|tts|audio|image|moderation|guard|vision-only")


@dataclass(frozen=True, slots=True)
class Choice:
    """A tier's model, and its price in words."""

    target: str
    price: str


def proposed(found: Sequence[Found], prices: Prices) -> dict[Tier, Choice] | None:
    """A model for each tier; None where no provider offers one that can be told apart."""
    clouds = (_cloud(one, prices) for one in found if not one.local)
    locals_ = (_local(one) for one in found if one.local)
    cloud: list[Choice] = next(filter(None, clouds), [])
    local: list[Choice] = next(filter(None, locals_), [])
    if cloud and local:
        return dict(zip(Tier, (local[0], *cloud[1:]), strict=True))
    rungs = cloud or local
    return dict(zip(Tier, rungs, strict=True)) if rungs else None


def _local(one: Found) -> list[Choice]:
    """By the size in the model's name, smallest first; local models cost nothing."""
    models = [model for model in one.models if not _NO_CHAT.search(model)]
    ordered = sorted(models, key=lambda model: (_size(model), model))
    return [Choice(f"{one.kind}/{model}", "local, free") for model in _four(ordered)]


def _size(model: str) -> float:
    found = _SIZE.search(model)
    return float(found[1]) if found else 0.0


def _cloud(one: Found, prices: Prices) -> list[Choice]:
    """By the price of their output, cheapest first; by the known ladder where none is listed."""
    priced = sorted(
        (cost, model)
        for model in one.models
        if not _NO_CHAT.search(model) and (cost := _dollars(one.kind, model, prices))
    )
    names = _four([model for _, model in priced]) or list(LADDERS.get(one.kind, ()))
    return [Choice(f"{one.kind}/{name}", _words(one.kind, name, prices)) for name in names]


def _four(ordered: Sequence[str]) -> list[str]:
    """The first, the last, and two at even steps between."""
    last = len(ordered) - 1
    return [ordered[round(last * step / 3)] for step in range(4)] if ordered else []


def _dollars(kind: str, model: str, prices: Prices) -> float | None:
    """Per million output tokens, for a chat model with a known price of every day."""
    cost = prices.cost(kind, model, Usage(input=0, output=1_000_000))
    window = prices.window(kind, model)
    if not cost or cost > MOST_DOLLARS or (window is not None and window < SMALLEST_WINDOW):
        return None
    return cost


def _words(kind: str, model: str, prices: Prices) -> str:
    read = prices.cost(kind, model, Usage(input=1_000_000, output=0))
    write = prices.cost(kind, model, Usage(input=0, output=1_000_000))
    if read is None or write is None:
        return "price unknown"
    return f"${read:.2f} in, ${write:.2f} out per million tokens"
