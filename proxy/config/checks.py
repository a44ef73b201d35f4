"""What no single setting can tell: whether the config's parts fit each other and the program."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from classifier.dimensions import DIMENSIONS
from classifier.force import compile_patterns
from classifier.tiers import Tier
from proxy.config.model import Config
from proxy.config.problems import Problem, did_you_mean
from proxy.providers.catalog import KINDS
from proxy.providers.metadata import is_metadata
from proxy.routing.table import Target

_PROVIDER_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


def problems(config: Config) -> list[Problem]:
    """All that is wrong with a config whose settings are each fine in themselves."""
    return [problem for check in _CHECKS for problem in check(config)]


def _providers(config: Config) -> Iterator[Problem]:
    for name, row in config.providers.items():
        if not _PROVIDER_NAME.fullmatch(name):
            yield Problem(("providers", name), "must be named by letters, digits, . _ and - alone")
        if row.kind not in KINDS:
            hint = did_you_mean(row.kind, list(KINDS))
            yield Problem(("providers", name, "kind"), f"{row.kind!r} is not in the catalog{hint}")
        elif not (row.base_url or KINDS[row.kind].base_url or row.kind == "demo"):
            text = f'has no base_url, which kind {row.kind} needs; add base_url = "http://…"'
            yield Problem(("providers", name), text)
        given = [one for one in ("key_env", "keyring") if getattr(row, one)]
        if row.key and given:
            yield Problem(("providers", name, "key"), f"can't stand beside {given[0]}; keep one")
        elif len(given) > 1:
            yield Problem(("providers", name, "keyring"), "can't stand beside key_env; keep one")


def _metadata(config: Config) -> Iterator[Problem]:
    for name, row in config.providers.items():
        if is_metadata(urlsplit(row.base_url).hostname or "") and not row.allow_metadata:
            text = (
                "is a cloud's metadata service, which gives out its machine's own credentials; "
                "name the model's server, or add allow_metadata = true"
            )
            yield Problem(("providers", name, "base_url"), text)


def _places(config: Config) -> Iterator[Problem]:
    """Region, project and api_version: each where the kind reads it, and where it can't do
    without."""
    for name, row in config.providers.items():
        kind = KINDS.get(row.kind)
        for one in ("region", "project", "api_version") if kind else ():
            if getattr(row, one) and kind and one not in kind.reads:
                said = f"is not read by kind {row.kind}; leave it out"
                yield Problem(("providers", name, one), said)
            elif not getattr(row, one) and kind and one in kind.needs:
                text = f'has no {one}, which kind {row.kind} needs; add {one} = "…"'
                yield Problem(("providers", name), text)


def _tiers(config: Config) -> Iterator[Problem]:
    rows: list[tuple[tuple[str | int, ...], Target]] = [
        (("tiers", tier.name), config.tiers.of(tier)) for tier in Tier
    ]
    for name, targets in config.tiers.fallback.items():
        rows += [(("tiers", "fallback", name, n), target) for n, target in enumerate(targets)]
    for path, target in rows:
        if target.provider not in config.providers:
            hint = did_you_mean(target.provider, list(config.providers))
            yield Problem(
                path, f"names provider {target.provider!r}, which is not configured{hint}"
            )


def _boundaries(config: Config) -> Iterator[Problem]:
    cuts = config.classifier.boundaries
    if len(cuts) != len(Tier) - 1 or list(cuts) != sorted(set(cuts)):
        text = "must be three numbers that rise, 0 to 100, e.g. [20, 51, 76]"
        yield Problem(("classifier", "boundaries"), text)


def _weights(config: Config) -> Iterator[Problem]:
    path, given = ("classifier", "weights"), config.classifier.weights
    known = [row.name for row in DIMENSIONS]
    for name in given.keys() - set(known):
        yield Problem((*path, name), f"is not a dimension{did_you_mean(name, known)}")
    absent = [name for name in known if name not in given]
    if given and absent:
        # A share left to the shipped weights would break the sum when those are tuned.
        yield Problem(path, f"must have all {len(known)}, or none; add {', '.join(absent)}")
    elif given and abs(sum(given.values()) - 1) > 1e-6:
        yield Problem(path, f"must sum to 1; they sum to {sum(given.values()):.4g}")


def _forces(config: Config) -> Iterator[Problem]:
    names: set[str] = set()
    for n, row in enumerate(config.force):
        if row.name in names:
            yield Problem(("force", n, "name"), f"{row.name!r} is taken; give each rule its own")
        names.add(row.name)
        try:
            compile_patterns([row.rule()], builtin=False)
        except ValueError as error:
            yield Problem(("force", n, "pattern"), f"is refused: {error}")


def _budgets(config: Config) -> Iterator[Problem]:
    for number, row in enumerate(config.budgets):
        if (row.dollars is None) == (row.tokens is None):
            yield Problem(("budgets", number), "must say either dollars or tokens")
        if row.provider and row.provider not in config.providers:
            hint = did_you_mean(row.provider, list(config.providers))
            text = f"{row.provider!r} is not a provider{hint}"
            yield Problem(("budgets", number, "provider"), text)


_CHECKS: Final[tuple[Callable[[Config], Iterator[Problem]], ...]] = (
    _providers,
    _metadata,
    _places,
    _tiers,
    _boundaries,
    _weights,
    _forces,
    _budgets,
)
