"""`init` from beginning to end: look around, propose, ask, write, say what to do next."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from app.failure import Failure
from app.setup.found import Found, look_around
from app.setup.proposal import Choice, proposed
from app.setup.written import text_of, write
from classifier.tiers import Tier
from proxy.config import ConfigError, parse
from proxy.prices import Prices
from proxy.routing import Target

NEXT = """
Next:
  lynkr-tui                                      the dashboard, in a side terminal
  lynkr-tui wrap claude                          Claude Code through it; or: wrap codex, cline, …
  ANTHROPIC_BASE_URL=http://127.0.0.1:8081 claude
"""


def initialise(
    path: Path, *, yes: bool, force: bool, dry_run: bool, chosen: Sequence[str], level: str
) -> None:
    """Raises Failure where nothing is found, or nothing can be written."""
    own = dict(map(_chosen, chosen))
    if path.exists() and not (force or dry_run):
        raise Failure(f"{path} is there already; --force writes over it, --dry-run only shows")
    found = asyncio.run(look_around())
    for one in found:
        many = f"{len(one.models)} models" if one.models else "lists no models"
        click.echo(f"found {one.kind:<12} {one.source}  ({many})", err=dry_run)
    tiers = _tiers(found, own)
    text = text_of(found, tiers, level)
    try:
        parse(text, str(path))
    except ConfigError as error:
        raise Failure(f"{error}\n(a tier given with --tier must name a provider found)") from None
    if dry_run:
        return click.echo(text, nl=False)
    click.echo("\n" + text)
    if not yes and not click.confirm(f"Write this to {path}?", default=True):
        raise Failure("nothing was written")
    write(path, text, force)
    click.echo(f"wrote {path}{NEXT}")


def _chosen(said: str) -> tuple[Tier, Choice]:
    name, _, target = said.partition("=")
    try:
        return Tier[name.strip().upper()], Choice(str(Target.of(target)), "your choice")
    except (KeyError, ValueError):
        tiers = ", ".join(Tier.__members__)
        raise click.BadParameter(
            f"{said!r} is not TIER=PROVIDER/MODEL; the tiers are {tiers}", param_hint="--tier"
        ) from None


def _tiers(found: Sequence[Found], own: Mapping[Tier, Choice]) -> dict[Tier, Choice]:
    prices = Prices()
    prices.load()
    ladder = proposed(found, prices) or {}
    tiers = {tier: own.get(tier) or ladder.get(tier) for tier in Tier}
    missing = [tier.name for tier, choice in tiers.items() if choice is None]
    if missing:
        raise Failure(
            "no provider with models was found; set a key such as ANTHROPIC_API_KEY or "
            "OPENAI_API_KEY, start Ollama or LM Studio, or name models with --tier "
            f"({', '.join(missing)} missing). `lynkr-tui demo` needs none of it"
        )
    return {tier: choice for tier, choice in tiers.items() if choice is not None}
