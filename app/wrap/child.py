"""Runs a client with the terminal handed over to it; signals go on to it, its exit code comes back.

Signals that the terminal sends reach the client without us, for it stands in the same foreground
group; handed on, they would reach it twice.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

PASSED: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
FROM_TERMINAL: Final = (signal.SIGINT, signal.SIGQUIT)
KILLED: Final = 128  # as shells do: 128 and the number of the signal

Handler = Callable[[int, FrameType | None], None]


def run(words: Sequence[str], env: Mapping[str, str]) -> int:
    """The exit code of the command. OSError where it can't be started."""
    with _signals() as passed:
        process = subprocess.Popen(words, env=dict(env))
        passed.to = process
        code = process.wait()
    return KILLED - code if code < 0 else code


class _Passed:
    """Where signals go; what comes before there is a child is given to it afterwards."""

    def __init__(self) -> None:
        self._to: subprocess.Popen[bytes] | None = None
        self._early: list[int] = []

    @property
    def to(self) -> subprocess.Popen[bytes] | None:
        return self._to

    @to.setter
    def to(self, process: subprocess.Popen[bytes]) -> None:
        self._to = process
        for number in self._early:
            process.send_signal(number)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._to is None:
            self._early.append(number)
        else:
            self._to.send_signal(number)


@contextmanager
def _signals() -> Iterator[_Passed]:
    passed = _Passed()
    shared = _has_terminal()
    before = {number: signal.signal(number, passed) for number in PASSED}
    for number in FROM_TERMINAL:
        before[number] = signal.signal(number, _nothing if shared else passed)
    try:
        yield passed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _nothing(number: int, frame: FrameType | None) -> None:
    """Stay, for the client's end is to be told; SIG_IGN would be inherited by the client."""


def _has_terminal() -> bool:
    """Whether a terminal counts us to its foreground, and so signals the client by itself."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (AttributeError, OSError, ValueError):
        return False
