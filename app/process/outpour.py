"""What is printed for whoever reads along: by a thread, so that a reader who stops stops nobody."""

import os
import threading
import time
from collections import deque
from typing import Final

MOST_WAITING: Final = 5_000  # lines; beyond, the oldest are not printed
REST: Final = 0.01  # seconds between writes: a thread that woke at each line would slow the loop
LEAVE: Final = 0.5  # seconds for what is left at the end


class Outpour:
    """Call it with a line; it goes to the descriptor `fd`, as long as someone takes it there."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lines: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._bell = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def __call__(self, line: bytes) -> None:
        self._lines.append(line)
        self._bell.set()

    def close(self) -> None:
        """Print what is left, if that can be done in a moment."""
        self._closing = True
        self._bell.set()
        self._thread.join(LEAVE)

    def _run(self) -> None:
        try:
            while not (self._closing and not self._lines):
                self._bell.wait()
                self._bell.clear()
                self._print()
                time.sleep(REST)  # noqa: TID251  # not the loop's thread
        except OSError:
            return  # nobody is there any more

    def _print(self) -> None:
        left = memoryview(b"".join(self._lines.popleft() for _ in range(len(self._lines))))
        while left:
            left = left[os.write(self._fd, left) :]
