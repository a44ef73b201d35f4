"""The ledger's library is loaded without numpy, and nobody else is kept from it."""

import subprocess
import sys
from pathlib import Path

import numpy
from sqlite_utils import Database

from proxy.ledger.due import NEWEST
from proxy.ledger.migrations import LEDGER
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


def test_a_ledger_is_begun_without_numpy_and_opened_again_without_its_library(
    tmp_path: Path,
) -> None:
    for loaded in (["sqlite_utils"], []):
        command = [sys.executable, "-c", OPENED, str(tmp_path / "ledger.db")]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{loaded}\n", "")


def test_what_tells_that_a_step_is_due_knows_the_newest() -> None:
    pending = [step.name for step in LEDGER.pending(Database(memory=True))]
    assert pending[-1] == NEWEST


def test_numpy_that_is_loaded_stays() -> None:
    with no_numpy():
        assert sys.modules["numpy"] is numpy
    assert sys.modules["numpy"] is numpy
