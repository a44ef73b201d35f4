"""Which of a provider's models are worth a tier, from the cheapest or smallest up."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from app.newcomer.found import Account
from app.text import dollars
from classifier.tiers import Tier
from proxy.money.prices import Prices
from proxy.providers.catalog import KINDS
from proxy.routing.table import Target

# Names of what holds no conversation, or is made for one purpose alone.
_OTHER: Final = re.compile(
    r"embed|audio|image|tts|whisper|transcri|realtime|live|moderation|guard|rerank|ocr|voice|"
    r"vision|banana|robotics|search|research|cyber|rosalind|davinci|babbage|translate|omni|speech|"
    r"multi-agent|preview-\d|instruct-\d|:free|bge-|minilm|sora|dall"
)
_SIZE: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)b(?![a-z0-9])")
_NUMBER: Final = re.compile(r"\d+")
_DATED: Final = 6  # digits that make a number a date
DEAR: Final = 4.0  # times the median price of a vendor's models; dearer ones are not proposed
_AGENT: Final = 7.0  # billions of weights below which a local model is too small beside a vendor's

# Families of models by dialect, for each tier; what each costs is shown beside it.
_FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("haiku", "haiku", "sonnet", "opus"),
}

# For an account that can't list its models before its client signs in.
_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"),
}


class Choice(Struct, frozen=True):
    """A model for a tier, with its price in dollars per million tokens; None where unknown."""

    target: Target
    input: float | None = None
    output: float | None = None

    @property
    def price(self) -> str:
        if self.input is None or self.output is None:
            return "price not known"
        return f"{dollars(self.input)} in, {dollars(self.output)} out, per million tokens"

    @property
    def weight(self) -> float:
        """Dollars for a typical request's mix, three tokens in for one out; 0 where unknown."""
        return 3 * (self.input or 0) + (self.output or 0)


def propose(accounts: Sequence[Account], prices: Prices) -> dict[Tier, Choice]:
    """Four tiers: a vendor's models from cheap to dear, below them a local one that is large
    enough; local ones alone by their size. Empty where no account has a model for a tier."""
    vendors = [row for one in accounts if not one.local and (row := _ranked(one, prices))]
    locals_ = [pair for one in accounts if one.local for pair in _sized(one)]
    small_up = [choice for _, choice in sorted(locals_, key=lambda pair: pair[0])]
    if not vendors:
        return _spread(small_up)
    tiers = vendors[0]
    able = next((one for one in small_up if size_of(one.target.model) >= _AGENT), None)
    return {**tiers, Tier.SIMPLE: able} if able else tiers


def choice_of(target: Target, kind: str, prices: Prices) -> Choice:
    """A model with its price; one's own machine has none."""
    rates = prices.rates(kind, target.model)
    return Choice(target, *rates) if rates and any(rates) else Choice(target)


def _ranked(account: Account, prices: Prices) -> dict[Tier, Choice]:
    listed = account.probe.models or _NAMED.get(account.kind, ())
    names = newest([name.removeprefix("models/") for name in listed])
    made = [choice_of(Target(account.name, name), account.kind, prices) for name in names]
    families = _FAMILIES.get(KINDS[account.kind].dialect, ())
    if any(family in name for family in families for name in names):
        return _by_family(made, families)
    priced = [one for one in made if one.input is not None and one.output is not None]
    if priced:
        return _spread(_sane(sorted(priced, key=lambda one: one.weight)))
    return _spread(sorted(made, key=lambda one: size_of(one.target.model)))


def _sane(rising: Sequence[Choice]) -> list[Choice]:
    """Without those that cost many times what is usual: no default should."""
    usual = rising[len(rising) // 2].weight
    return [one for one in rising if one.weight <= DEAR * usual]


def _by_family(made: Sequence[Choice], families: Sequence[str]) -> dict[Tier, Choice]:
    """The newest of each; where a family is missing, the one that stands nearest to it. One at
    least is there."""
    of = {
        family: max(rows, key=lambda one: _version(one.target.model))
        for family in dict.fromkeys(families)
        if (rows := [one for one in made if family in one.target.model])
    }
    order = [family for family in dict.fromkeys(families) if family in of]
    places = list(dict.fromkeys(families))

    def nearest(family: str) -> str:
        return min(order, key=lambda one: abs(places.index(one) - places.index(family)))

    return {tier: of[nearest(family)] for tier, family in zip(Tier, families, strict=True)}


def newest(names: Iterable[str]) -> list[str]:
    """Of each line of models the newest, and no line that is more than a generation behind the
    newest one of its vendor; models that hold no conversation are left out."""
    lines: dict[str, str] = {}
    for name in names:
        if not _OTHER.search(name.lower()):
            line = _line(name)
            if line not in lines or _age(name) > _age(lines[line]):
                lines[line] = name
    latest: dict[str, int] = {}
    for line, name in lines.items():
        first = _first(line)
        latest[first] = max(latest.get(first, 0), _major(name))
    return [name for line, name in lines.items() if _major(name) >= latest[_first(line)] - 1]


def _first(line: str) -> str:
    return line.split("-")[0].split("/")[-1]


def _line(name: str) -> str:
    """The name without version and date: claude-sonnet for claude-sonnet-4-5-20250929."""
    words = re.split(r"[-_.:@]", name.lower())
    return "-".join(word for word in words if word and not word.isdecimal() and word != "latest")


def _age(name: str) -> tuple[tuple[int, ...], int]:
    """Version first; of two the same the shorter name, which has no date."""
    return _version(name), -len(name)


def _version(name: str) -> tuple[int, ...]:
    plain = _SIZE.sub("", name.lower())
    return tuple(int(one) for one in _NUMBER.findall(plain) if len(one) < _DATED)[:3]


def _major(name: str) -> int:
    return next(iter(_version(name)), 0)


def size_of(name: str) -> float:
    """Billions of weights, as the name says; 0 where it does not."""
    found = _SIZE.search(name.lower())
    return float(found[1]) if found else 0.0


def _sized(account: Account) -> list[tuple[float, Choice]]:
    names = [name for name in account.probe.models or () if not _OTHER.search(name.lower())]
    return [(size_of(name), Choice(Target(account.name, name))) for name in names]


def _spread(rising: Sequence[Choice]) -> dict[Tier, Choice]:
    """Four out of a row that rises: both ends, and two evenly between them."""
    if not rising:
        return {}
    last = len(rising) - 1
    return {tier: rising[round(last * n / (len(Tier) - 1))] for n, tier in enumerate(Tier)}
