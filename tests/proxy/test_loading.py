"""The ledger's library is loaded without numpy, and nobody else is kept from it."""

import subprocess
import sys

import numpy

from proxy.loading import no_numpy

OPENED = """
import sys, tempfile, pathlib
from proxy.ledger.ledger import Ledger
ledger = Ledger(pathlib.Path(tempfile.mkdtemp()) / "ledger.db")
assert ledger.flush(20) and not ledger.problem, ledger.problem
assert "sqlite_utils" in sys.modules
print([name for name in ("numpy", "pandas") if name in sys.modules])
import numpy
ledger.close(20)
"""


def test_a_ledger_is_opened_without_numpy_and_leaves_it_to_be_had() -> None:
    done = subprocess.run([sys.executable, "-c", OPENED], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_numpy_that_is_loaded_stays() -> None:
    with no_numpy():
        assert sys.modules["numpy"] is numpy
    assert sys.modules["numpy"] is numpy
