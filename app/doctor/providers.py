"""What can only be found out from providers: that they are there, and have the models."""

import asyncio
import difflib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from app.doctor.finding import Finding, fail, ok, warn
from app.text import plain
from proxy.config.load import Config, ProviderConfig, table_of
from proxy.providers.catalog import KINDS
from proxy.providers.http import new_session
from proxy.providers.probe import Probe, probe
from proxy.routing.table import Target

SECONDS = 5.0
PULL = {"ollama": "ollama pull {model}", "lmstudio": "lms get {model}"}


async def probes(config: Config, seconds: float = SECONDS) -> dict[str, Probe]:
    """Every provider's, asked side by side."""
    rows = config.providers
    async with new_session() as session:
        found = await asyncio.gather(*(probe(name, rows[name], session, seconds) for name in rows))
    return dict(zip(rows, found, strict=True))


def reachable(name: str, row: ProviderConfig, found: Probe) -> Finding:
    """How it is with one provider."""
    what = f"provider {name}"
    if found.keyless:
        return fail(what, found.problem.removeprefix(f"provider {name}: "), "")
    if not found.reached:
        fix = "start it, or correct its base_url" if _local(row) else "check the network"
        return fail(what, found.problem, fix)
    if row.key == "client":
        return ok(what, "it answers; it gets the caller's own credential")
    if found.refused:
        return fail(what, found.problem, _new_key(name, row))
    if found.problem:
        return warn(what, found.problem, "check its base_url and kind")
    if found.models is None:
        return ok(what, f"it answers ({found.status}); it has no list of models")
    return ok(what, f"it answers, and lists {len(found.models)} models")


def _new_key(name: str, row: ProviderConfig) -> str:
    names = row.variables or tuple(filter(None, (KINDS[row.kind].key_env,)))
    place = f"the key in {', '.join(row.rings or names)}" if row.rings or names else "key_env"
    return f"correct {place} for [providers.{name}]"


def _local(row: ProviderConfig) -> bool:
    return KINDS[row.kind].auth == "none"


def models(config: Config, found: Mapping[str, Probe]) -> Iterator[Finding]:
    """Whether each model of a tier, or of a fallback, is one that its provider lists."""
    for target, places in _wanted(config).items():
        listed = found[target.provider].models
        if listed is None:
            continue
        what = f"model {target}"
        if _has(listed, target.model):
            yield ok(what, f"listed; answers for {', '.join(places)}")
            continue
        near = difflib.get_close_matches(target.model, listed, n=1)
        hint = f"; did you mean {plain(near[0], 80)}?" if near else ""
        row = config.providers[target.provider]
        fix = PULL.get(row.kind, "correct [tiers] in the config").format(model=target.model)
        grade = fail if _local(row) else warn  # vendors also take names that they do not list
        yield grade(what, f"{target.provider} does not list it{hint}", fix)


def _wanted(config: Config) -> dict[Target, list[str]]:
    table = table_of(config)
    wanted: dict[Target, list[str]] = {}
    pairs: Iterable[tuple[Target, str]] = chain(
        ((target, tier.name) for tier, target in table.tiers.items()),
        ((one, f"{tier.name}'s fallback") for tier, row in table.fallback.items() for one in row),
    )
    for target, place in pairs:
        wanted.setdefault(target, []).append(place)
    return wanted


def _has(listed: Iterable[str], model: str) -> bool:
    """A list may say `models/NAME`, or `NAME:latest`, or a dated name for an alias."""
    for one in listed:
        short = one.removeprefix("models/")
        if model in (one, short, short.removesuffix(":latest")):
            return True
        if short.startswith(f"{model}-") and short[len(model) + 1 :].isdecimal():
            return True
    return False
