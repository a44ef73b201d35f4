"""`lynkr-tui init`: writes a first config."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.commands.options import Options, config_option, several
from app.process.failure import Failure

if TYPE_CHECKING:
    from app.newcomer.found import Found
    from app.newcomer.init import Plan
    from classifier.tiers import Tier
    from proxy.routing.table import Target

COMPRESSIONS = ("off", "lossless", "balanced")
CACHES = ("off", "exact", "semantic")
TIERS = ("simple", "medium", "complex", "reasoning")
DEFAULTS: Mapping[str, Any] = {
    **{"yes": False, "dry_run": False, "at": (), "region": (), "project": (), "keyring": ()},
    **{"compression": "lossless", "cache": "semantic"},
    **dict.fromkeys(TIERS),
}


class Place(click.ParamType[tuple[str, str]]):
    """KIND=URL, as in ollama=http://127.0.0.1:11500."""

    name = "kind=url"

    def convert(self, value: Any, param: Any, context: Any) -> tuple[str, str]:
        from pydantic import ValidationError

        from proxy.config.model import ProviderConfig
        from proxy.providers.catalog import KINDS

        kind, _, url = str(value).partition("=")
        if kind not in KINDS:
            self.fail(f"{kind!r} is no kind of provider; docs/providers.md lists them")
        try:
            return kind, ProviderConfig(kind=kind, base_url=url).base_url or self.fail("no URL")
        except ValidationError:
            self.fail(f"{url!r} is no URL; write {kind}=http://127.0.0.1:8000")


class Setting(click.ParamType[tuple[str, str]]):
    """KIND=WORD, as in vertex=europe-west1, of a kind that has such a setting."""

    name = "kind=word"

    def __init__(self, setting: str) -> None:
        self._setting = setting

    def convert(self, value: Any, param: Any, context: Any) -> tuple[str, str]:
        from app.newcomer.places import wrong
        from proxy.providers.catalog import KINDS

        kind, _, word = str(value).partition("=")
        having = [name for name, row in KINDS.items() if self._setting in row.reads]
        if kind not in having:
            self.fail(f"{kind!r} has no {self._setting}; there is {', '.join(having)}")
        if not word or wrong(kind, {self._setting: word}):
            self.fail(f"{word!r} is no {self._setting}; write {kind}=WORD")
        return kind, word


class Keyed(click.ParamType[str]):
    """A KIND of provider that takes a key."""

    name = "kind"

    def convert(self, value: Any, param: Any, context: Any) -> str:
        from proxy.providers.catalog import KINDS

        if value not in KINDS or KINDS[value].auth == "none":
            self.fail(f"{value!r} is no kind of provider with a key; docs/providers.md lists them")
        return str(value)


class Model(click.ParamType["Target"]):
    """PROVIDER/MODEL."""

    name = "provider/model"

    def convert(self, value: Any, param: Any, context: Any) -> "Target":
        from proxy.routing.table import Target

        try:
            return Target.of(str(value))
        except ValueError:
            self.fail(f"{value!r} is no model; write PROVIDER/MODEL")


_tiers = tuple(
    click.option(f"--{tier}", type=Model(), help=f"The model for {tier.upper()}.") for tier in TIERS
)


def _options(command: Any) -> Any:
    return several(
        command,
        click.option("--yes", is_flag=True, help="Do not ask; write what is proposed."),
        click.option("--dry-run", is_flag=True, help="Print the config; write nothing."),
        click.option("--force", is_flag=True, help="Replace a config that is there."),
        click.option(
            "--keyring",
            type=Keyed(),
            multiple=True,
            help="Ask for the key of a KIND of provider and put it into the keyring; repeatable.",
        ),
        click.option("--at", type=Place(), multiple=True, help="Where a provider is; repeatable."),
        *(
            click.option(
                f"--{name}",
                type=Setting(name),
                multiple=True,
                help=f"The {name} of a provider that has one; repeatable.",
            )
            for name in ("region", "project")
        ),
        *_tiers,
        click.option(
            "--compression",
            type=click.Choice(COMPRESSIONS),
            default=DEFAULTS["compression"],
            show_default=True,
            help="How tool results are made shorter.",
        ),
        click.option(
            "--cache",
            type=click.Choice(CACHES),
            default=DEFAULTS["cache"],
            show_default=True,
            help="Which repeats are answered without a model.",
        ),
        config_option,
    )


@click.command("init")
@_options
def command(config: Path | None, **given: Any) -> None:
    """Find providers, propose four tiers, write the config.

    On a terminal, and without options, a wizard asks step by step. Looks for keys in the
    environment, for servers on this machine and for sign-ins; asks each for its models, and
    proposes four of them with their prices. Keys stay where they are: the config has the names of
    their variables, or of their places in the keyring. A config that is there is not replaced
    without --force.

    \b
    Example:
      lynkr-tui init
      lynkr-tui init --yes --simple ollama/qwen2.5-coder:7b
      lynkr-tui init --keyring anthropic
      lynkr-tui init --region bedrock=us-east-1 --simple bedrock/a-model
      lynkr-tui init --dry-run --at openai_compatible=http://127.0.0.1:9000
    """
    make(Options(config=config), **given)


def make(options: Options, force: bool = False, **given: Any) -> bool:
    """The command's work; whether a config was written. Raises Failure.

    On a terminal, and where nothing was said beforehand, the wizard asks; else what is proposed is
    shown line by line, with one question at most.
    """
    from app.newcomer.write import exists

    path, plain = options.config_path, {**DEFAULTS, **given}
    if path.exists() and not (force or plain["dry_run"]):
        raise exists(path)
    if plain["dry_run"] and plain["keyring"]:
        raise Failure("--dry-run writes nothing, a key neither: leave out one of it and --keyring")
    if not (plain["yes"] or plain["dry_run"] or sys.stdin.isatty()):
        raise Failure("there is no terminal to ask on; add --yes, or --dry-run to see the config")
    asks = all(plain[name] == default for name, default in DEFAULTS.items()) and _draws()
    written = _wizard(options, force) if asks else _plainly(path, force, **plain)
    if written:
        from app.newcomer.init import next_steps

        _say(f"Written to {path}. Next:", *next_steps(path, options.config is None))
    elif not plain["dry_run"]:
        _say("Nothing was written.")
    return written


def _draws() -> bool:
    """Whether there is a terminal that a screen can be drawn on."""
    import os

    on_terminal = sys.stdin.isatty() and sys.stderr.isatty()  # Textual draws on stderr
    return on_terminal and os.environ.get("TERM", "dumb") != "dumb"


def _wizard(options: Options, force: bool) -> bool:
    from app.newcomer.wizard.app import ask

    return ask(options, force)


def _plainly(
    path: Path,
    force: bool,
    *,
    yes: bool,
    dry_run: bool,
    at: tuple[tuple[str, str], ...],
    region: tuple[tuple[str, str], ...],
    project: tuple[tuple[str, str], ...],
    keyring: tuple[str, ...],
    compression: str,
    cache: str,
    **tiers: Any,
) -> bool:
    import asyncio
    import os

    from app.newcomer.found import look
    from app.newcomer.ring import storing
    from app.newcomer.write import write
    from classifier.tiers import Tier

    said: dict[str, dict[str, str]] = {}
    for name, pairs in (("base_url", at), ("region", region), ("project", project)):
        for kind, value in pairs:
            said.setdefault(kind, {})[name] = value
    with storing() as ring:
        rings = {kind: ring.store(kind, _asked(kind)) for kind in keyring}
        found = asyncio.run(look(os.environ, said, rings))
        chosen = {Tier[name.upper()]: one for name, one in tiers.items() if one is not None}
        made = _proposed(found, chosen, compression, cache)
        if dry_run:
            click.echo(made.text, nl=False)
            return False
        if not yes and not click.confirm(f"Write it to {path}?", default=True, err=True):
            return False
        write(path, made.text, force)
        ring.keep()
    return True


def _proposed(
    found: "Found", chosen: "Mapping[Tier, Target]", compression: str, cache: str
) -> "Plan":
    """The plan, after it was said."""
    from app.newcomer import init

    _say("Found:", *(init.told(found) or ["  nothing"]))
    made = init.plan(found, chosen, compression, cache)
    _say("Proposed:", *init.proposed(made, compression, cache))
    return made


def _asked(kind: str) -> str:
    """A key, from the keyboard without showing it, or a line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt(f"The key of {kind}", hide_input=True, err=True))
    return sys.stdin.readline()


def _say(*lines: str) -> None:
    """On stderr, so that --dry-run prints a config alone."""
    for line in lines:
        click.echo(line, err=True)
