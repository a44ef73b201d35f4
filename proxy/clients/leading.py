"""What a client that is to be led here must know: whose credential is wanted, and who answers."""

from itertools import chain

from proxy.config.load import Config
from proxy.providers.catalog import KINDS
from proxy.routing.table import Table


def hands_on(config: Config) -> list[str]:
    """The kinds of providers that get a caller's own credential."""
    return sorted({row.kind for row in config.providers.values() if row.key == "client"})


def at_home(config: Config, table: Table) -> bool:
    """Whether every tier, and every fallback, is answered by Anthropic itself."""
    targets = (*table.tiers.values(), *chain.from_iterable(table.fallback.values()))
    kinds = [row.kind for target in targets if (row := config.providers.get(target.provider))]
    return len(kinds) == len(targets) and all(KINDS[kind].home for kind in kinds)
