"""The routing table as JSON and back: PUT /lynkr/routing takes what GET gave."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from classifier.force import ForcePattern
from classifier.tiers import Tier
from proxy.errors import BadRequest
from proxy.routing.table import Table, Target


def as_json(table: Table) -> dict[str, Any]:
    """Every field that `table_from` reads."""
    return {
        "tiers": {tier.name: str(target) for tier, target in table.tiers.items()},
        "boundaries": list(table.boundaries),
        "weights": dict(table.weights) if table.weights else None,
        "force": [
            {
                "name": row.name,
                "pattern": row.pattern,
                "tier": row.tier.name,
                "enabled": row.enabled,
            }
            for row in table.patterns
        ],
        "overrides": {session: tier.name for session, tier in table.overrides.items()},
        "override_new": table.override_new.name if table.override_new is not None else None,
        "fallback": {tier.name: [*map(str, chain)] for tier, chain in table.fallback.items()},
    }


def table_from(body: Any, old: Table, providers: Mapping[str, object]) -> Table:
    """The table that `body` asks for; keys left out keep their old value.

    Raises BadRequest naming the key and the fix.
    """
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object as GET /lynkr/routing gives it")
    unknown = sorted(set(body) - set(_READERS))
    if unknown:
        raise BadRequest(f"{unknown[0]}: unknown key; use {', '.join(_READERS)}")
    changes: dict[str, Any] = {}
    for key, value in body.items():
        field, read = _READERS[key]
        try:
            changes[field] = read(value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadRequest(f"{key}: {_why(error)}") from None
    if "tiers" in changes:
        changes["tiers"] = {**old.tiers, **changes["tiers"]}
    table = _made(old, changes)
    _check_providers(table, providers)
    return table


def read_table(body: Mapping[str, Any]) -> Table:
    """The table that `as_json` told of; a key that this build does not know is passed over.

    Raises ValueError, KeyError, TypeError or AttributeError for what is none.
    """
    known = ((_READERS[key], value) for key, value in body.items() if key in _READERS)
    return Table(**{field: read(value) for (field, read), value in known})


def _made(old: Table, changes: dict[str, Any]) -> Table:
    try:
        return replace(old, **changes)
    except ValueError as error:
        raise BadRequest(str(error)) from None


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing or unknown; tiers are {', '.join(Tier.__members__)}"
    return str(error)


def _check_providers(table: Table, providers: Mapping[str, object]) -> None:
    rows = [(f"tiers.{tier.name}", target) for tier, target in table.tiers.items()]
    for tier, chain in table.fallback.items():
        rows += [(f"fallback.{tier.name}", target) for target in chain]
    for key, target in rows:
        if target.provider not in providers:
            raise BadRequest(
                f"{key}: provider {target.provider!r} is not configured; "
                f"use one of {', '.join(providers)}"
            )


def _tiers(value: Any) -> dict[Tier, Target]:
    return {Tier[name]: Target.of(text) for name, text in value.items()}


def _boundaries(value: Any) -> tuple[float, ...]:
    return tuple(float(one) for one in value)


def _weights(value: Any) -> dict[str, float] | None:
    return None if value is None else {str(name): float(one) for name, one in value.items()}


def _force(value: Any) -> tuple[ForcePattern, ...]:
    return tuple(
        ForcePattern(
            str(row["name"]), str(row["pattern"]), Tier[row["tier"]], bool(row.get("enabled", True))
        )
        for row in value
    )


def _overrides(value: Any) -> dict[str, Tier]:
    return {str(session): Tier[tier] for session, tier in value.items()}


def _fallback(value: Any) -> dict[Tier, tuple[Target, ...]]:
    return {Tier[name]: tuple(map(Target.of, chain)) for name, chain in value.items()}


def _override_new(value: Any) -> Tier | None:
    return None if value is None else Tier[value]


_READERS: dict[str, tuple[str, Any]] = {
    "tiers": ("tiers", _tiers),
    "boundaries": ("boundaries", _boundaries),
    "weights": ("weights", _weights),
    "force": ("patterns", _force),
    "overrides": ("overrides", _overrides),
    "override_new": ("override_new", _override_new),
    "fallback": ("fallback", _fallback),
}
