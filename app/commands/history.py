"""`lynkr-tui history`: what the ledger tells, for people and for programs."""

import re
import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import click

from app.commands.options import Options, config_option, data_option
from app.process.failure import Failure

GROUPS: Final = ("hour", "day", "week", "month", "model", "tier", "session", "client", "provider")
_AGO: Final = re.compile(r"(\d{1,5})([dwmy])")
_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}
_LEGEND: Final = (
    "~ estimated by the local tokenizer; billed: measured by the providers, cached input included; "
    "–: not known"
)


class Day(click.ParamType["date"]):
    """A local day: 2026-11-20, today, or so long ago: 7d, 2w, 3m, 1y."""

    name = "day"

    def convert(self, value: Any, param: Any, context: Any) -> date:
        try:
            return day_said(str(value), date.today())
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no day; write 2026-11-20, today, 7d, 2w, 3m or 1y")


def day_said(text: str, today: date) -> date:
    """The day that `text` names; `1d` and `today` are today, `7d` begins a week that ends today.
    ValueError or OverflowError where it names none."""
    ago = _AGO.fullmatch("1d" if text == "today" else text)
    if ago is None:
        return date.fromisoformat(text)
    return today - timedelta(days=max(0, int(ago[1]) * _DAYS[ago[2]] - 1))


@click.command("history")
@click.option(
    "--by", type=click.Choice(GROUPS), default="day", show_default=True, help="What to sum over."
)
@click.option("--since", type=Day(), help="First day: 2026-11-20, today, 7d, 2w, 3m, 1y.")
@click.option("--until", type=Day(), help="Last day, written the same way.")
@click.option("--json", "form", flag_value="json", help="Everything as JSON; unknown is null.")
@click.option("--csv", "form", flag_value="csv", help="Rows as CSV; unknown is empty.")
@data_option
@config_option
def command(
    form: str | None, by: str, since: date | None, until: date | None, **given: Any
) -> None:
    """Show what was saved, by day, model, tier and more.

    It reads the ledger, also while a proxy writes to it. Estimated and measured figures stand in
    columns of their own.

    \b
    Example:
      lynkr-tui history --by tier --since 7d
      lynkr-tui history --by month --csv > months.csv
    """
    if since and until and until < since:
        raise click.UsageError(f"--until {until} is before --since {since}; swap them")
    click.echo(told(Options(**given).data_path, by, since, until, form or "table"), nl=False)


def told(folder: Path, by: str, since: date | None, until: date | None, form: str) -> str:
    """The savings in the ledger of a data folder, as a table, JSON or CSV. Raises Failure."""
    from app.savings.exported import as_csv, as_json
    from proxy.ledger import history
    from proxy.paths import LEDGER

    path = folder / LEDGER
    try:
        rows = history.savings(path, by, since, until)
        total = history.totals(path, since, until)
    except (sqlite3.Error, OSError) as error:
        raise Failure(f"{path} can't be read: {error}; name another folder with --data") from None
    if form == "json":
        return as_json(by, since, until, rows, total)
    if form == "csv":
        return as_csv(by, rows)
    return _table(by, rows, total) if rows else _nothing(path, since or until)


def _table(by: str, rows: Sequence[Any], total: Any) -> str:
    from app.commands.history_table import drawn

    return f"{drawn(by, rows, total)}\n{_LEGEND}\n"


def _nothing(path: Path, narrowed: object) -> str:
    if not path.exists():
        return f"There is no ledger at {path} yet: it begins with the first exchange.\n"
    return f"The ledger at {path} has no exchange{' in these days' if narrowed else ' yet'}.\n"
