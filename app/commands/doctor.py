"""`lynkr-tui doctor`: whether all is set up as it should be."""

from typing import Any

import click

from app.commands.options import Options, shared


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@shared
@click.pass_context
def command(context: click.Context, /, as_json: bool, **given: Any) -> None:
    """Check the set-up, and say the fix for what is wrong.

    Looks at config, port, ledger, tokens, embedder, terminal, providers and models. Sends no
    prompt and costs nothing. No secret is printed: the output can go into a bug report as it
    is. Exit code 1 where something is broken.

    \b
    Example:
      lynkr-tui doctor
      lynkr-tui doctor --json | jq '.[] | select(.state != "ok")'
    """
    import asyncio

    import orjson

    from app.setup.checks import FAIL, Place, examine
    from app.text import plain

    options = Options(**given)
    place = Place(options.config_path, options.data_path, options.host, options.port)
    findings = asyncio.run(examine(place))
    if as_json:
        click.echo(orjson.dumps(findings, option=orjson.OPT_INDENT_2).decode())
    else:
        for one in findings:
            fix = f" → {one.fix}" if one.fix else ""
            click.echo(plain(f"{one.state:<5} {one.what:<18} {one.said}{fix}", limit=500))
    context.exit(int(any(one.state == FAIL for one in findings)))
