"""`lynkr-tui eval`: this build measured on a labelled file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.commands.options import FILE, Options, config_option, data_option

if TYPE_CHECKING:
    from proxy.routing.table import Table

as_json = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")


@click.group("eval")
def command() -> None:
    """Measure this build on a labelled file.

    The file has a JSON object a line.

    \b
    Example:
      lynkr-tui eval routing prompts.jsonl
    """


@command.command("routing")
@click.argument("file", type=FILE, required=False)
@click.option("--wrong", "wrong_too", is_flag=True, help="List the rows that missed, too.")
@click.option("--ledger", is_flag=True, help="Score past traffic again instead of a FILE.")
@as_json
@config_option
@data_option
def routing(
    file: Path | None,
    wrong_too: bool,
    ledger: bool,
    as_json: bool,
    config: Path | None,
    data: Path | None,
) -> None:
    """Which tier each prompt of FILE would go to, against its label.

    A row is {prompt, expected, acceptable}, with `system` and `messages` if there are
    any; or {prompt, weak_correct, strong_correct}; or {prompt, scores} of several
    models; or {prompt, intent|category}. APGR is the average share of the gap between
    two models that the score's order recovers, CPT50 and CPT80 the share of calls to
    the strong one that recovers 50 and 80 % of it (RouteLLM). With --ledger: how past
    traffic spread over the tiers, and would under the config's weights and boundaries.

    \b
    Example:
      lynkr-tui eval routing tiers.jsonl --wrong
      lynkr-tui eval routing gsm8k.jsonl --json | jq .gain.score.apgr
      lynkr-tui eval routing --ledger --config other.toml
    """
    from app.evals.lines import lines_of
    from app.evals.routing import measure, past_traffic, wrong
    from proxy.paths import DataFiles

    if ledger:
        files = DataFiles(Options(data=data).data_path)
        return _print(past_traffic(files.ledger, _table(config)), as_json)
    if file is None:
        raise click.UsageError("name a FILE of labelled prompts, or use --ledger")
    rows, table = list(lines_of(file)), _table(config)
    figures = measure(rows, table)
    if wrong_too:
        figures["wrong"] = wrong(rows, table)
    _print(figures, as_json)


@command.command("compression")
@click.argument("file", type=FILE)
@click.option(
    "--level",
    type=click.Choice(("lossless", "balanced")),
    default="lossless",
    show_default=True,
    help="The level of compression to measure.",
)
@as_json
def compression(file: Path, level: str, as_json: bool) -> None:
    """How many tokens the tool results in FILE take after a level of compression.

    A row is {kind, value} with any JSON value, or {tool, result}. Each is measured against
    compact JSON, and must come back whole: by itself, or what is abridged by a recall.

    \b
    Example:
      lynkr-tui eval compression results.jsonl
      lynkr-tui eval compression results.jsonl --level balanced
    """
    from app.evals.compression import measure
    from app.evals.lines import lines_of

    _print(measure(lines_of(file), level == "balanced"), as_json)


@command.command("tools")
@click.argument("file", type=FILE)
@click.option("--tools", "tools_file", type=FILE, help="The tools of rows that only name theirs.")
@as_json
def tools(file: Path, tools_file: Path | None, as_json: bool) -> None:
    """Whether the tools that FILE's rows need stay when the others go, and what that saves.

    A row is {messages, tools, needed}; or {turns, tool_names, calls_per_turn}; or {prompt,
    needed}. Where rows don't bring their tools, these are read from --tools, or from the file
    beside FILE that ends in _tools or _schemas instead. Saved tokens are net of a line for each
    tool that went and of the tool that loads them again. Of fewer than three tools none goes.

    \b
    Example:
      lynkr-tui eval tools live_multiple.jsonl
      lynkr-tui eval tools multi_turn_base.jsonl --tools multi_turn_schemas.jsonl --json
    """
    from app.evals.lines import lines_of
    from app.evals.tools import measure, tools_beside, tools_in

    beside = tools_in(tools_file) if tools_file else tools_beside(file)
    _print(measure(lines_of(file), beside), as_json)


@command.command("cache")
@click.argument("file", type=FILE)
@as_json
def cache(file: Path, as_json: bool) -> None:
    """Which pairs of questions in FILE the semantic cache would answer alike, and wrongly so.

    A row is {a, b, label}, with label 1 where the answer to one answers the other; or {origin,
    similar}, which ask the same. Wrong share is the share of hits that are wrong, recall that of
    the pairs that ask the same which hit, different hit that of the others. The sweep raises the
    cosine that a candidate must have, with the guard and without.

    \b
    Example:
      lynkr-tui eval cache pairs.jsonl
      lynkr-tui eval cache pairs.jsonl --json | jq .shipped
    """
    from app.evals.cache import measure
    from app.evals.lines import lines_of

    _print(measure(lines_of(file)), as_json)


def _table(config: Path | None) -> "Table":
    """The routing table of the config, where there is one; else the shipped one."""
    from app.process.failure import Failure
    from classifier.tiers import Tier
    from proxy.config.load import ConfigError, load, table_of
    from proxy.routing.table import Table, Target

    path = Options(config=config).config_path
    if config is None and not path.exists():
        return Table({tier: Target("any", tier.name.lower()) for tier in Tier})
    try:
        return table_of(load(path))
    except ConfigError as error:
        raise Failure(str(error)) from None


def _print(figures: dict[str, Any], as_json: bool) -> None:
    from app.evals.words import lines_of_figures
    from app.text import indented, plain

    if as_json:
        click.echo(indented(figures))
        return
    missed = figures.pop("wrong", [])
    for line in lines_of_figures(figures):
        click.echo(line)
    for row in missed:
        would = "|".join(row["would_do"])
        prompt = plain(" ".join(row["prompt"].split()), 100)
        click.echo(f"{row['tier']} not {would}  {row['score']:g}  {row['reason']}  {prompt}")
