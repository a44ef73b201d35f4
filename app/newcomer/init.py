"""From what was found to a config: proposed, shown, checked, and written."""

import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from app.newcomer.config_text import CACHES, COMPRESSIONS, config_text
from app.newcomer.found import Account, Found
from app.newcomer.models import Choice, choice_of, propose
from app.process.failure import Failure
from app.text import plain
from app.wrap.clients import CLIENTS
from classifier.tiers import Tier
from proxy.config.load import Config, ConfigError, parse
from proxy.money.prices import Prices
from proxy.routing.table import Target

NOTHING = (
    "no provider was found; set a key such as ANTHROPIC_API_KEY, start Ollama, or say where one is "
    "with --at KIND=URL (`lynkr-tui demo` needs none)"
)
NONE_READY = "so no provider is ready; mend that, or say where another is with --at KIND=URL"
STATUS = "the same, with tier and saving in its status bar"


class Plan(Struct, frozen=True, kw_only=True):
    """A config that would load, as a text too, and the tiers in it."""

    tiers: Mapping[Tier, Choice]
    text: str
    config: Config


def plan(
    found: Found,
    chosen: Mapping[Tier, Target],
    compression: str,
    cache: str,
    kept: Collection[str] = (),
) -> Plan:
    """What is proposed, with the user's choices in place; accounts that no tier uses are left
    out, unless they are `kept`. Failure where that makes no config."""
    accounts, prices = found.usable, Prices()
    if not accounts:
        wrong = [f"{one.name}: {one.probe.problem}" for one in found.accounts]
        raise Failure("; ".join([*wrong, *found.notes, NONE_READY if wrong else NOTHING]))
    named = {one.name: one for one in accounts}
    picked = {tier: picked_for(target, named, prices) for tier, target in chosen.items()}
    tiers = _filled({**propose(accounts, prices), **picked})
    if not tiers:
        options = ", ".join(f"--{tier.name.lower()}" for tier in Tier)
        raise Failure(f"{', '.join(named)}: no model listed for a tier; name one with {options}")
    text = config_text(accounts, tiers, compression, cache, kept)
    try:
        return Plan(tiers=tiers, text=text, config=parse(text))
    except ConfigError as error:
        raise Failure(f"no config comes of this: {error}") from None


def _filled(tiers: Mapping[Tier, Choice]) -> dict[Tier, Choice]:
    """Where no list of models proposes one, a tier takes what is named for the next above it, or
    else for the next below."""
    known = sorted(tiers)
    return {
        tier: tiers[next((one for one in known if one >= tier), known[-1])]
        for tier in (Tier if known else ())
    }


def picked_for(target: Target, named: Mapping[str, Account], prices: Prices) -> Choice:
    """The user's choice with its price. Failure where no account has it."""
    account = named.get(target.provider)
    if account is None:
        raise Failure(f"{target}: {target.provider} was not found; there is {', '.join(named)}")
    listed = account.probe.models
    if listed is not None and target.model not in listed and account.local:
        raise Failure(
            f"{target}: {account.name} lists {plain(', '.join(listed), 200) or 'nothing'}"
        )
    return choice_of(target, account.kind, prices)


def told(found: Found) -> list[str]:
    """What was found, a line each."""
    rows = [
        f"  {'+' if one.usable else '-'} {one.name}: {one.why}; {standing(one)}"
        for one in found.accounts
    ]
    return [*rows, *(f"  - {note}" for note in found.notes)]


def standing(account: Account) -> str:
    """How it is with an account, in a few words."""
    found = account.probe
    if not account.usable:
        return found.problem or "it does not answer"
    if account.client:
        return "its sign-in is handed on, so its models can't be listed beforehand"
    return "it answers" if found.models is None else f"it lists {len(found.models)} models"


def proposed(made: Plan, compression: str, cache: str) -> Iterator[str]:
    """The tiers with their prices, and a sentence for what else is set."""
    for tier in Tier:
        choice = made.tiers[tier]
        yield f"  {tier.name:<10}{plain(choice.target, 60)}  ({choice.price})"
    yield f"  compression {compression}: {COMPRESSIONS[compression]}"
    yield f"  cache {cache}: {CACHES[cache][0]}"


def next_steps(path: Path, usual: bool) -> Iterator[str]:
    """How to start, with the clients that are installed first."""
    option = "" if usual else f" --config {path}"
    yield f"  lynkr-tui{option}"
    rows = [row for row in CLIENTS.values() if row.program]
    rows.sort(key=lambda row: shutil.which(row.program) is None)
    for row in rows:
        here = "" if shutil.which(row.program) else f"   # not installed yet: {row.install}"
        yield f"  lynkr-tui wrap{option} {row.name}{here}"
        if row.status:
            yield f"  lynkr-tui wrap{option} {row.name} --statusline   # {STATUS}"
    yield "  lynkr-tui wrap --print NAME shows the lines to set a client up by hand"
