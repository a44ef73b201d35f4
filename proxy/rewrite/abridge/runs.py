"""A test run without what passed: failures, and what sums it up, stay to the letter."""

import re
from typing import Final

from proxy.rewrite.abridge.gist import Gist, kept
from proxy.rewrite.abridge.view import Line

_FEWEST: Final = 8  # lines that passed

# One line of a test that passed, or of a file of which all did, by runner.
_PASSED: Final = re.compile(
    r"\s*(?:"
    r"\S+::\S.* PASSED(?: +\[ *\d+%\])?"  # pytest -v
    r"|\S+\.py [.sx]+ *(?:\[ *\d+%\])?"  # pytest
    r"|[✓✔√] .*"  # jest, mocha, vitest
    r"|PASS +\S.*"  # jest, by file
    r"|test \S.* \.\.\. ok(?: <.*>)?"  # cargo
    r"|test_?\w* \(.*\)(?: \.\.\.)? ok"  # unittest -v
    r"|=== (?:RUN|PAUSE|CONT) .*"  # go
    r"|--- PASS: .*"
    r"|ok +\S+\s+(?:[\d.]+s|\(cached\)).*"  # go, by package
    r"|ok \d+ .*"  # TAP
    r")\s*"
)


def tests_gist(lines: list[Line]) -> Gist | None:
    """All lines but those that passed; None where hardly a line did."""
    passed = {at for at, line in enumerate(lines) if _PASSED.fullmatch(line.text[:400])}
    if len(passed) < max(_FEWEST, len(lines) // 5):
        return None
    return kept(lines, set(range(len(lines))) - passed)
