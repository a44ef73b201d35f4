"""What the wizard knows and what its user chose so far; nothing of it is written anywhere yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from app.commands.init import DEFAULTS
from app.newcomer.found import Account, Found, tried
from app.newcomer.init import Plan, picked_for, plan
from app.newcomer.models import Choice, propose
from app.newcomer.places import WORDS, lacking, wrong
from app.newcomer.ring import place_of
from app.process.failure import Failure
from classifier.tiers import Tier
from proxy.money.prices import Prices
from proxy.providers.catalog import KINDS
from proxy.routing.table import Target

LEVELS: Final = ("compression", "cache")
ADDABLE: Final = tuple(sorted(kind for kind in KINDS if kind != "demo"))
LIKE: Final = {"base_url": "http://127.0.0.1:8000", "region": "us-east-1", "project": "my-project"}
WHICH: Final = "which model? type its name"


@dataclass(slots=True)
class Draft:
    """`off` are accounts that are left out, `added` those put in by hand; `keys` were typed, and
    are by kind; `levels` are those of compression and cache."""

    found: Found = field(default_factory=Found)
    off: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    proposed: dict[Tier, Choice] = field(default_factory=dict)
    chosen: dict[Tier, Choice] = field(default_factory=dict)
    levels: dict[str, str] = field(
        default_factory=lambda: {name: DEFAULTS[name] for name in LEVELS}
    )
    _prices: Prices = field(default_factory=Prices, repr=False)

    @property
    def usable(self) -> list[Account]:
        return [one for one in self.found.usable if one.name not in self.off]

    @property
    def known(self) -> list[str]:
        """Every provider/model that is listed."""
        return [f"{one.name}/{name}" for one in self.usable for name in one.probe.models or ()]

    @property
    def tiers(self) -> dict[Tier, Choice]:
        """A model for each tier; one without a name where nobody can know it yet."""
        blank = {tier: Choice(Target(one.name, "")) for one in self.usable[:1] for tier in Tier}
        return {**blank, **self.proposed, **self.chosen}

    def settle(self) -> None:
        """Propose anew for the accounts as they are now, and drop choices that are gone. Looks
        prices up, which takes a while the first time: for a thread."""
        self.proposed = propose(self.usable, self._prices)
        names = {one.name for one in self.usable}
        self.chosen = {
            tier: one for tier, one in self.chosen.items() if one.target.provider in names
        }

    def pick(self, tier: Tier, text: str) -> None:
        """Send a tier elsewhere. Failure where there is no such provider or model."""
        try:
            target = Target.of(text.strip())
        except ValueError as error:
            raise Failure(str(error)) from None
        named = {one.name: one for one in self.usable}
        self.chosen[tier] = picked_for(target, named, self._prices)

    def plan(self) -> Plan:
        """The config as it would be written. Failure where a tier has no model yet."""
        blank = [tier.name for tier, one in self.tiers.items() if not one.target.model]
        if blank or not self.usable:
            raise Failure(f"no model yet for {', '.join(blank) or 'any tier'}")
        targets = {tier: one.target for tier, one in self.tiers.items()}
        accounts = replace(self.found, accounts=tuple(self.usable))
        return plan(accounts, targets, **self.levels, kept=self.added - self.off)

    def put(self, account: Account) -> None:
        """Take an account in, in the place of one of the same kind."""
        rest = [one for one in self.found.accounts if one.name != account.name]
        self.found = replace(self.found, accounts=(*rest, account))
        self.off.discard(account.name)

    async def add(self, kind: str, variable: str, key: str, settings: Mapping[str, str]) -> Account:
        """An account from the catalog, tried at once. Its key is in a variable of the environment,
        or was typed and goes into the keyring when the config is written. Failure where what was
        said makes none."""
        account = added(kind, variable, key, settings)
        account = await tried(account, key)
        self.keys.pop(kind, None)
        if key:
            self.keys[kind] = key
        self.put(account)
        self.added.add(kind)
        return account

    async def again(self, account: Account) -> None:
        """Ask an account once more."""
        fresh = await tried(account, self.keys.get(account.name, ""))
        accounts = tuple(fresh if one.name == fresh.name else one for one in self.found.accounts)
        self.found = replace(self.found, accounts=accounts)


def added(kind: str, variable: str, key: str, settings: Mapping[str, str]) -> Account:
    """An account as its user describes it, not tried yet. Failure, naming the field."""
    if kind not in ADDABLE:
        raise Failure(f"{kind or 'nothing'!r} is no kind of provider")
    settings = {name: value for name, value in settings.items() if value}
    if absent := lacking(kind, settings):
        raise Failure(f"say its {WORDS[absent[0]]}: {kind} has none of its own")
    if odd := wrong(kind, settings):
        raise Failure(f"{settings[odd]!r} is no {WORDS[odd]}; write it like {LIKE[odd]}")
    if variable and not variable.isidentifier():
        like = "write it like ANTHROPIC_API_KEY, never the key"
        raise Failure(f"{variable!r} is no variable's name; {like}")
    ring = place_of(kind) if key else ""
    return Account(kind, "you added it", "" if key else variable, ring, settings=settings)
