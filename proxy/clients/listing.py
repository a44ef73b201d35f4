"""GET /v1/models: the tiers, the models they are mapped to, and what the providers report, in a
shape that both the Anthropic and the OpenAI SDK read."""

from itertools import chain
from typing import Any

from classifier.tiers import Tier
from proxy.house import House

CREATED = 1_767_225_600  # unix seconds; both SDKs want a date, and a tier has none of its own
CREATED_AT = "2026-01-01T00:00:00Z"


async def models(house: House) -> dict[str, Any]:
    """Names that a client may ask for."""
    tiers = house.routing.table.tiers
    names = {f"lynkr/{tier.name.lower()}": f"{tier.name} → {tiers[tier]}" for tier in Tier}
    chains = house.routing.table.fallback.values()
    names |= {str(target): str(target) for target in chain(tiers.values(), *chains)}
    for provider, reported in (await house.providers.models()).items():
        names |= {f"{provider}/{model}": f"{provider}/{model}" for model in reported}
    rows = [_row(name, title) for name, title in names.items()]
    return {
        "object": "list",
        "data": rows,
        "has_more": False,
        "first_id": rows[0]["id"],
        "last_id": rows[-1]["id"],
    }


def _row(name: str, title: str) -> dict[str, Any]:
    return {
        "id": name,
        "type": "model",
        "object": "model",
        "display_name": title,
        "created": CREATED,
        "created_at": CREATED_AT,
        "owned_by": name.split("/")[0],
    }
