"""The ledger's sums, made from its rows in SQL: where an older build did not keep them."""

from typing import Final

from proxy.ledger.rows import FIGURES

_HIT: Final = "cache IN ('exact', 'semantic')"
_MONEY: Final = "cost_asked - cost"
# Each figure of one exchange, where it is no column of that name.
_MADE: Final = {
    "requests": "1",
    "measured": "billed_input IS NOT NULL",
    "money_saved": _MONEY,
    "priced": f"{_MONEY} IS NOT NULL",
    "cache_hits": _HIT,
    "failures": "state = 'failed'",
    "money_by_rewriting": "cost_as_came - cost",
    "saved_by_tools": "saved_tokens - saved_by_results",
    "money_by_routing": f"({_MONEY}) * NOT ({_HIT})",
    "money_by_cache": f"({_MONEY}) * ({_HIT})",
}
# Where it is summed: as `rows.keys_of` has it.
_KEYS: Final = {
    "provider": "coalesce(provider, '')",
    "day": "date(at, 'unixepoch', 'localtime')",
    "hour": "strftime('%H:00', at, 'unixepoch', 'localtime')",
}
FILLED: Final = ("money_by_routing", "money_by_cache")  # a ledger without them still tells them


def filled(table: str, key: tuple[str, ...]) -> str:
    """A statement that fills an empty table of sums."""
    return f"INSERT INTO {table} ({', '.join((*key, *FIGURES))}) {made(key, tuple(FIGURES))}"


def refilled(table: str, key: tuple[str, ...]) -> str:
    """A statement that fills the sums of FILLED into the rows that are there."""
    sets = ", ".join(f"{name} = made.{name}" for name in FILLED)
    same = " AND ".join(f"{table}.{name} = made.{name}" for name in key)
    return f"UPDATE {table} SET {sets} FROM ({made(key, FILLED)}) AS made WHERE {same}"


def made(key: tuple[str, ...], figures: tuple[str, ...]) -> str:
    """A query for the sums by `key`, in the order of the keys and then of `figures`."""
    keys = ", ".join(f"{_KEYS.get(name, name)} AS {name}" for name in key)
    sums = ", ".join(f"sum({_MADE.get(name, name)}) AS {name}" for name in figures)
    groups = ", ".join(str(number) for number, _ in enumerate(key, 1))
    return f"SELECT {keys}, {sums} FROM exchanges WHERE at IS NOT NULL GROUP BY {groups}"
