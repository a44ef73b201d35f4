"""`lynkr-tui statusline`: one line, soon, and never a failure."""

import os
import pty
import resource
import socket
import subprocess
import time
from pathlib import Path

import orjson
import pytest

from app import statusline
from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.ledger.ledger import Ledger
from proxy.paths import data_dir
from tests.app.commands.running import run
from tests.proxy.told import begun, completed, feed
from tests.support.program import PROGRAM


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two sessions today: the later one ran a SIMPLE tier."""
    return kept(tmp_path, ("mine", Tier.REASONING, 0.001), ("other", Tier.SIMPLE, 0.001))


def kept(folder: Path, *rows: tuple[str, Tier, float | None]) -> Path:
    ledger, now = Ledger(folder / "ledger.db"), time.time()
    for n, (session, tier, cost) in enumerate(rows):
        usage = Usage(input=100, output=20)
        end = completed(session, now + n, usage, cost, cost and 3 * cost)
        feed(ledger, (*begun(session, now + n, session, tier), end))
    assert ledger.close(10)
    return folder


def test_it_says_tier_model_saving_and_cache_share(data: Path):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        port = proxy.getsockname()[1]
        done = run("statusline", "--data", data, "--port", port)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "SIMPLE → local/model-simple · $0.0040 saved today · cache 0%\n"


def test_a_session_on_stdin_gets_its_own_tier(data: Path):
    said = orjson.dumps({"session_id": "mine", "model": {"id": "claude"}}).decode()
    assert run("statusline", "--data", data, stdin=said).stdout.startswith("REASONING → ")


def test_a_session_without_an_exchange_is_not_given_anothers_tier(data: Path):
    said = '{"session_id": "new"}'
    assert run("statusline", "--data", data, stdin=said).stdout.startswith("lynkr: no exchange yet")


@pytest.mark.parametrize("said", ["", "{", "[1]", '{"session_id": 3}', "\x00\xff", "[" * 100_000])
def test_what_is_no_session_shows_the_last_exchange(data: Path, said: str):
    done = run("statusline", "--data", data, stdin=said)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("SIMPLE → ")


def test_a_proxy_that_is_down_is_said_and_is_no_failure(data: Path):
    done = run("statusline", "--data", data, "--port", "9")
    assert done.returncode == 0
    assert done.stdout.endswith(" · proxy down\n")


def test_no_ledger_is_said_and_is_no_failure(tmp_path: Path):
    done = run("statusline", "--data", tmp_path / "none", "--port=9")
    assert done.returncode == 0
    assert done.stdout == "lynkr: no exchange yet · nothing today · proxy down\n"
    assert not (tmp_path / "none").exists()


def test_a_damaged_ledger_is_no_failure(tmp_path: Path):
    (tmp_path / "ledger.db").write_bytes(b"no database" * 999)
    done = run("statusline", "--data", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_without_a_price_it_says_tokens_and_that_they_are_estimated(tmp_path: Path):
    kept(tmp_path, ("s", Tier.MEDIUM, None))
    assert "~60 tokens saved today" in run("statusline", "--data", tmp_path).stdout


def test_what_a_model_is_called_can_do_nothing_to_the_terminal():
    said = statusline._route(("SIMPLE", "up", "a\x1b[2Jb\n" + "c" * 200))
    assert said.isprintable() and len(said) <= statusline.PRINTABLE


@pytest.mark.parametrize("options", [["--port", "many"], ["--port=99999"], ["--frob"], ["--data"]])
def test_bad_options_are_bad_usage(options: list[str]):
    done = run("statusline", *options)
    assert done.returncode == 2
    assert "Error:" in done.stderr


def test_the_short_way_and_the_table_of_commands_say_the_same(data: Path):
    brief = run("statusline", "--data", data)
    whole = run("--host", "127.0.0.1", "statusline", "--data", data)
    assert brief.stdout == whole.stdout != ""


def test_its_folder_is_the_programs(monkeypatch, tmp_path: Path):
    assert statusline.data_folder() == str(data_dir())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert statusline.data_folder() == str(data_dir())


@pytest.mark.parametrize("kind", ["terminal", "silent pipe"])
def test_it_waits_for_no_one(data: Path, kind: str):
    ends = pty.openpty() if kind == "terminal" else os.pipe()
    began = time.monotonic()
    words = [str(PROGRAM), "statusline", "--data", str(data)]
    reading = ends[1] if kind == "terminal" else ends[0]
    done = subprocess.run(words, stdin=reading, capture_output=True, text=True, timeout=20)
    assert done.stdout.startswith("SIMPLE → ")
    assert time.monotonic() - began < 5
    for end in ends:
        os.close(end)


def test_it_survives_a_closed_stdin(data: Path):
    words = ["sh", "-c", f'exec {PROGRAM} statusline --data "{data}" <&-']
    done = subprocess.run(words, capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_takes_less_than_100_ms_of_processor_time(data: Path):
    assert min(_spent(data) for _ in range(10)) < 0.1


def _spent(data: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run("statusline", "--data", data, stdin='{"session_id": "mine"}')
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
