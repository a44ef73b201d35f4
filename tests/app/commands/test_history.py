"""`lynkr-tui history`: the ledger's own figures, in three forms, also while a proxy writes."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import aiohttp
import orjson
import pytest

from app.commands.history import GROUPS, day_said, told
from app.commands.history_table import drawn
from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.ledger import history
from proxy.ledger.history import FIGURES, Saving
from proxy.ledger.ledger import Ledger
from tests.app.commands.running import run
from tests.proxy.told import NOON, begun, completed, feed
from tests.support import messages
from tests.support.program import serve
from tests.support.proxy import config_for
from tests.support.upstream import Upstream

DAY = 86_400
FULL = Saving("a", *range(1, len(FIGURES) + 1))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three exchanges on three days; the last had no price, and its provider told no usage."""
    ledger = Ledger(tmp_path / "ledger.db")
    for number, tier in enumerate((Tier.REASONING, Tier.SIMPLE, Tier.MEDIUM)):
        at = NOON + number * DAY
        unknown = completed(str(number), at, Usage(), None, None)
        end = unknown if number == 2 else completed(str(number), at)
        feed(ledger, (*begun(str(number), at, f"s{number}", tier), end))
    assert ledger.close(10)
    return tmp_path


def day(number: int) -> date:
    return date.fromtimestamp(NOON + number * DAY)


def test_the_groups_are_all_that_the_ledger_knows():
    assert set(GROUPS) == set(history.BY)


@pytest.mark.parametrize("by", GROUPS)
def test_json_is_what_the_ledger_tells(data: Path, by: str):
    done = run("history", "--json", "--by", by, "--data", data)
    assert done.returncode == 0
    said = orjson.loads(done.stdout)
    assert [Saving(**row) for row in said["rows"]] == history.savings(data / "ledger.db", by)
    assert Saving(**said["total"]) == history.totals(data / "ledger.db")
    assert (said["by"], said["since"], said["until"]) == (by, None, None)


def test_csv_has_a_head_a_row_each_and_nothing_where_nothing_is_known(data: Path):
    done = run("history", "--csv", "--by", "day", "--data", data)
    head, *rows = csv.reader(io.StringIO(done.stdout))
    assert head == ["day", *FIGURES]
    assert [row[0] for row in rows] == [str(day(n)) for n in range(3)]
    last = dict(zip(head, rows[-1], strict=True))
    assert (last["requests"], last["cost"], last["billed_input"]) == ("1", "", "")


def test_the_table_keeps_estimates_and_bills_apart_and_says_what_is_unknown(data: Path):
    done = run("history", "--by", "tier", "--data", data)
    head, *rows, total, legend = done.stdout.splitlines()
    titles = ("before ~", "after ~", "saved ~", "billed in", "billed out", "cost", "money saved")
    assert [head.index(title) for title in titles] == sorted(head.index(t) for t in titles)
    assert [row.split()[0] for row in rows] == ["SIMPLE", "MEDIUM", "REASONING"]
    assert rows[1].split() == "MEDIUM 1 120 60 60 – – – – – – 0 0".split()
    assert (
        rows[0].split() == "SIMPLE 1 120 60 60 100 20 $0.0010 $0.0030 $0.0020 $0.0005 0 0".split()
    )
    assert total.split()[:5] == ["total", "3", "360", "180", "180"]
    assert "estimated" in legend and "measured" in legend


def test_since_and_until_take_in_their_own_days(data: Path):
    done = run("history", "--json", "--since", day(1), "--until", day(1), "--data", data)
    assert [row["key"] for row in orjson.loads(done.stdout)["rows"]] == [str(day(1))]


@pytest.mark.parametrize(
    ("text", "back"), [("today", 0), ("1d", 0), ("7d", 6), ("2w", 13), ("1m", 29), ("0d", 0)]
)
def test_a_span_ends_today(text: str, back: int):
    today = date(2026, 11, 20)
    assert day_said(text, today) == today - timedelta(days=back)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "99999y", "-3d"])
def test_what_is_no_day_is_bad_usage_that_says_how_to_write_one(tmp_path: Path, text: str):
    done = run("history", f"--since={text}", "--data", tmp_path)
    assert done.returncode == 2
    assert "2026-11-20" in done.stderr and repr(text) in done.stderr


def test_an_end_before_the_beginning_is_bad_usage(tmp_path: Path):
    done = run("history", "--since", "today", "--until", "2020-01-01", "--data", tmp_path)
    assert done.returncode == 2
    assert "--until 2020-01-01" in done.stderr


def test_no_ledger_yet_is_one_sentence_and_fine(tmp_path: Path):
    done = run("history", "--data", tmp_path / "none")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"There is no ledger at {tmp_path}/none/ledger.db yet: it begins with the first exchange."
    ]
    assert not (tmp_path / "none").exists()


def test_no_ledger_yet_is_still_json_for_a_program(tmp_path: Path):
    said = orjson.loads(run("history", "--json", "--data", tmp_path).stdout)
    assert said["rows"] == [] and said["total"]["requests"] == 0


def test_days_without_an_exchange_are_said_to_have_none(data: Path):
    assert "in these days" in told(data, "day", date(2020, 1, 1), date(2020, 1, 2), "table")


def test_a_damaged_ledger_is_one_sentence_and_exit_1(tmp_path: Path):
    (tmp_path / "ledger.db").write_bytes(b"this is no database" * 100)
    done = run("history", "--data", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"lynkr-tui: {tmp_path}/ledger.db can't be read:")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("width", range(30, 130, 7))
def test_a_narrow_terminal_gets_fewer_columns_and_keeps_what_was_saved(width: int):
    lines = drawn("model", [FULL], FULL, width).splitlines()
    assert "saved ~" in lines[0] and "money saved" in lines[0]
    if width >= 60:
        assert max(map(len, lines)) <= width
    if width >= 120:
        assert "failed" in lines[0]


async def test_it_reads_what_a_running_proxy_writes(tmp_path: Path):
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Why?"}]}
    async with (
        Upstream(messages.says_hello) as upstream,
        serve(tmp_path, config_for(upstream.url)) as running,
        aiohttp.ClientSession() as session,
    ):
        await session.post(f"{running.url}/v1/messages", data=orjson.dumps(body))
        for _ in range(20):  # the ledger writes within 20 ms, its first row within some more
            done = run("history", "--json", "--data", running.data)
            if orjson.loads(done.stdout)["rows"]:
                break
    assert orjson.loads(done.stdout)["total"]["billed_output"] == 25
