"""Runs the real program to its end, with nothing on its stdin and a home of the test's own."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.program import PROGRAM

KEPT = ("PATH", "PYTHONPATH", "COVERAGE_PROCESS_START", "LANG")


class _Run:
    program = PROGRAM

    def __call__(
        self, *arguments: object, home: Path | None = None, stdin: str = "", **env: Any
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(PROGRAM), *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            input=stdin,
            env={**clean(home or Path("/nonexistent")), **env},
        )


def clean(home: Path) -> Mapping[str, str]:
    """Our environment without keys, proxies and folders of the person who runs the tests."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HOME": str(home),
        "TERM": "dumb",
    }


run = _Run()
