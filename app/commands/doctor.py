"""`lynkr-tui doctor`: checks a set-up."""

import sys
from typing import Any

import click

from app.commands.options import Options, shared


@click.command("doctor")
@click.option("--call", is_flag=True, help="Also call each tier's model, with a few tokens.")
@click.option("--deep", is_flag=True, help="Also start the embedder; takes seconds.")
@click.option("--yes", is_flag=True, help="Do not ask before calls that cost.")
@click.option("--json", "form", flag_value="json", help="Print the findings as JSON.")
@click.option("--report", "form", flag_value="report", help="Print them for a bug report.")
@shared
@click.pass_context
def command(
    context: click.Context,
    /,
    call: bool,
    deep: bool,
    yes: bool,
    form: str | None,
    **given: Any,
) -> None:
    """Check the set-up, and say the fix for what is wrong.

    Config, port, providers and their models, tokens, embedder, ledger, terminal: a line each, with
    ok, warn or fail. Nothing is changed, and no model is asked without --call. The exit code is 1
    where something failed.

    \b
    Example:
      lynkr-tui doctor
      lynkr-tui doctor --call
      lynkr-tui doctor --report > report.txt
    """
    from app.doctor import report
    from app.doctor.examine import Wanted, examine
    from app.doctor.finding import Finding

    options, findings = Options(**given), list[Finding]()
    agree = _unasked if yes or form else _agreed
    for finding in examine(options, Wanted(call=call, deep=deep, agree=agree)):
        findings.append(finding)
        if form is None:
            click.echo(report.line(finding))
    click.echo(report.end(form, findings, options.config_path))
    context.exit(int(report.failed(findings)))


def _unasked(models: list[str]) -> bool:
    """For a script, and for who said so beforehand."""
    return True


def _agreed(models: list[str]) -> bool:
    """Ask, where there is someone to ask; --call alone is enough for a script."""
    if not sys.stdin.isatty():
        return True
    return click.confirm(f"Call {', '.join(models)}, a few tokens each? It may be billed.")
