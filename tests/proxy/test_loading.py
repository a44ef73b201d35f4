"""The ledger's library is loaded without numpy, and nobody else is kept from it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy
from sqlite_utils import Database

from proxy.ledger.migrations import LEDGER
from proxy.ledger.schema import STEPS
from proxy.loading import no_numpy

OPENED = """
import sys, pathlib
from proxy.ledger.ledger import Ledger
ledger = Ledger(pathlib.Path(sys.argv[1]))
assert ledger.flush(20) and not ledger.problem, ledger.problem
print([name for name in ("sqlite_utils", "numpy", "pandas") if name in sys.modules])
import numpy
ledger.close(20)
"""


def test_a_ledger_is_begun_and_opened_again_without_its_library(tmp_path: Path) -> None:
    for _ in range(2):
        assert _loaded_by_opening(tmp_path / "ledger.db") == "[]\n"


def test_one_of_an_older_build_is_brought_up_to_date_without_numpy(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as db:
        LEDGER.apply(Database(db), stop_before=STEPS[1])
    assert _loaded_by_opening(tmp_path / "ledger.db") == "['sqlite_utils']\n"


def _loaded_by_opening(path: Path) -> str:
    command = [sys.executable, "-c", OPENED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_numpy_that_is_loaded_stays() -> None:
    with no_numpy():
        assert sys.modules["numpy"] is numpy
    assert sys.modules["numpy"] is numpy
