"""The ledger in trouble: nothing lost to a kill, and none of it spread by a bad file."""

import logging
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from proxy.dialects.model import Usage
from proxy.ledger import ledger as module
from proxy.ledger.ledger import Ledger
from tests.proxy.ledgers import ask, kept, one, tell, wait_for
from tests.proxy.told import begun, completed, failed, feed, whole


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "ledger.db"


@pytest.fixture
def ledger(path):
    opened = Ledger(path)
    yield opened
    opened.close(5)


@pytest.fixture(autouse=True)
def hear_everything(caplog):
    caplog.set_level(logging.WARNING)


@pytest.mark.parametrize("times", range(3))
def test_a_killed_process_loses_no_completed_exchange(path, times):
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from proxy.ledger.ledger import Ledger\n"
        "from tests.proxy.told import feed, whole\n"
        "ledger = Ledger(Path(sys.argv[1])); ledger.flush(20)\n"
        "number = 0\n"
        "while True:\n"
        "    feed(ledger, whole(str(number)))\n"
        "    print(number, flush=True)\n"
        "    number += 1\n"
        "    if number % 5 == 0: time.sleep(0.002)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    first = child.stdout.readline()  # on a busy machine it may take a second to get there
    threading.Timer(0.5 + times / 10, child.send_signal, [signal.SIGKILL]).start()
    lines = [first, *child.stdout]
    published = [line.strip() for line in lines if line.endswith("\n")]
    child.wait(10)
    due = set(published)
    assert len(due) > 50
    restarted = Ledger(path)
    assert restarted.flush(20)
    restarted.close(5)
    assert due <= set(kept(path))
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "SELECT sum(requests) FROM daily") == ask(
        path, "SELECT count(*) FROM exchanges"
    )


def test_a_locked_file_keeps_rows_waiting_and_they_follow(path, monkeypatch, caplog):
    monkeypatch.setattr(module, "BUSY", 0.05)
    monkeypatch.setattr(module, "RETRY", 0.05)
    ledger = Ledger(path)
    tell(ledger, *whole("a"))
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    tell(ledger, *whole("b"))
    threading.Event().wait(0.4)  # several tries
    assert "locked" in ledger.problem
    assert caplog.text.count("can't be written") == 1, "said once, not at each try"
    other.rollback()
    other.close()
    wait_for(lambda: kept(path) == ["a", "b"])
    wait_for(lambda: ledger.problem == "")
    assert "writing again" in caplog.text
    ledger.close(5)


def test_rows_wait_up_to_a_bound_then_the_oldest_go_and_are_counted(path, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    monkeypatch.setattr(module, "RETRY", 0.05)
    path.parent.write_text("a file where the folder should be")
    ledger = Ledger(path)
    tell(ledger, *(event for number in range(25) for event in whole(str(number))))
    assert ledger.dropped == 15 and len(ledger._rows) == 10
    path.parent.unlink()
    wait_for(lambda: path.exists() and ledger.problem == "")
    assert kept(path) == [str(number) for number in range(15, 25)]
    ledger.close(5)


def test_a_path_that_cannot_be_written_is_told_in_one_sentence(path, caplog):
    path.mkdir(parents=True)
    ledger = Ledger(path)
    tell(ledger, *whole("a"))
    assert str(path) in ledger.problem and "can't be written" in ledger.problem
    assert ledger.close(5)
    assert "1 exchanges were not written" in caplog.text


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write to read-only files")
def test_a_read_only_file_is_told_and_left_alone(path):
    Ledger(path).close(5)
    path.parent.chmod(0o500)
    path.chmod(0o400)
    ledger = Ledger(path)
    tell(ledger, *whole("a"))
    assert "can't be written" in ledger.problem
    path.parent.chmod(0o700)
    ledger.close(5)


def test_a_full_disk_keeps_rows_waiting(path):
    """A limit on file size stands for the disk, in a process of its own."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from proxy.ledger import ledger as module\n"
        "from tests.proxy.told import feed, whole\n"
        "module.RETRY = 0.05\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "ledger = module.Ledger(Path(sys.argv[1]))\n"
        "def tell(id):\n"
        "    feed(ledger, whole(id))\n"
        "    ledger.flush(10)\n"
        "tell('a')\n"
        "assert ledger.problem == '', ledger.problem\n"
        "most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))\n"
        "tell('b')\n"
        "assert 'exchanges wait in memory' in ledger.problem, ledger.problem\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
        "tell('c')\n"
        "assert ledger.close(10) and ledger.problem == '', ledger.problem\n"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, timeout=60)
    assert kept(path) == ["a", "b", "c"]
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(50_000))


def holed(path: Path) -> None:
    Ledger(path).close(5)
    whole_file = bytearray(path.read_bytes())
    whole_file[4096 : 4096 * 3] = os.urandom(8192)
    path.write_bytes(whole_file)


@pytest.mark.parametrize("damage", [garbage, holed])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(path, damage, caplog):
    path.parent.mkdir()
    damage(path)
    damaged = path.read_bytes()
    ledger = Ledger(path)
    feed(ledger, whole("a"))
    wait_for(lambda: path.exists() and ledger.flush(5) and not ledger._rows)
    assert kept(path) == ["a"]
    (aside,) = path.parent.glob("ledger.db.damaged-*")
    assert aside.read_bytes()[4096:] == damaged[4096:], "nothing of it is thrown away"
    assert aside.name in ledger.problem
    assert caplog.text.count("was damaged") == 1
    ledger.close(5)


def test_a_file_deleted_under_the_ledger_is_begun_anew(ledger, path):
    tell(ledger, *whole("a"))
    for file in path.parent.iterdir():
        file.unlink()
    tell(ledger, *whole("b"))
    assert kept(path) == ["b"]


def test_one_row_that_does_not_fit_keeps_no_other_waiting(ledger, path, caplog):
    tell(ledger, *whole("a"))
    tell(ledger, *whole("b"), *whole("a"), *whole("c"))  # an id seen before
    assert kept(path) == ["a", "b", "c"]
    assert ledger.dropped == 1 and "does not fit" in caplog.text
    assert ask(path, "SELECT sum(requests) FROM daily") == [(3,)]


def test_absurd_values_from_outside_are_kept_as_far_as_sqlite_can(ledger, path):
    odd = completed("a", usage=Usage(input=10**30, output=-(10**30)), cost=float("nan"))
    tell(ledger, *begun("a", session="\ud800", client="x\x00y")[:1], odd)
    tell(ledger, *begun("b"), failed("b", error="x" * 100_000))
    row = one(path, "a")
    assert (row["billed_input"], row["billed_output"]) == (2**63 - 1, 1 - 2**63)
    assert (row["session"], row["cost"]) == ("?", None)
    assert len(one(path, "b")["error"]) == 500
    assert ledger.problem == ""


def test_a_fault_of_our_own_is_a_problem_not_the_end(ledger, path, monkeypatch, caplog):
    tell(ledger, *whole("a"))
    with monkeypatch.context() as broken:
        broken.setattr(module, "columns_of", lambda row: 1 / 0)
        tell(ledger, *whole("b"))
        assert ledger.problem
    tell(ledger, *whole("c"))
    assert kept(path) == ["a", "b", "c"]


def test_every_listener_call_is_safe_while_the_file_is_in_trouble(path, monkeypatch):
    monkeypatch.setattr(module, "RETRY", 0.01)
    path.mkdir(parents=True)
    ledger = Ledger(path)
    began = time.thread_time()
    for number in range(500):
        feed(ledger, whole(str(number)))
    assert time.thread_time() - began < 2
    assert ledger.close(5)


def test_several_that_begin_a_file_at_once_have_no_trouble(tmp_path):
    start = threading.Barrier(3)

    def begin(number: int) -> None:
        ledger = Ledger(tmp_path / f"{number}.db", asleep=True)
        start.wait()
        ledger._open().close()

    with ThreadPoolExecutor(3) as pool:
        for number in range(100):
            list(pool.map(begin, [number] * 3))
