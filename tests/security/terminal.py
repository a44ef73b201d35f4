"""The real program in a pseudo-terminal: keys in, every byte that it writes out."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import termios
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.support.program import PROGRAM

SEES = 30.0  # seconds that it may take on a busy machine
_SEQUENCE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[ -~])"
)


@dataclass
class Terminal:
    """`raw` is all that was written so far."""

    fd: int
    process: asyncio.subprocess.Process
    raw: bytearray = field(default_factory=bytearray)

    @property
    def text(self) -> str:
        """What was written, without escape sequences."""
        return _SEQUENCE.sub(b"", bytes(self.raw)).decode("utf-8", "replace")

    def press(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    async def until(self, holds: Callable[[], object], what: str = "it") -> None:
        end = time.monotonic() + SEES
        while not holds():
            assert time.monotonic() < end, f"{what} did not come:\n{self.text[-3000:]}"
            await asyncio.sleep(0.05)

    async def sees(self, words: str, after: int = 0) -> None:
        """Wait for words among what was written after `after` bytes."""

        def there() -> bool:
            later = bytes(self.raw[after:])
            return words in _SEQUENCE.sub(b"", later).decode("utf-8", "replace")

        await self.until(there, repr(words))

    async def at_rest(self, seconds: float = 0.4) -> None:
        """Wait until nothing more is written."""
        before = -1
        while before != len(self.raw):
            before = len(self.raw)
            await asyncio.sleep(seconds)


@asynccontextmanager
async def terminal(
    *words: str | os.PathLike[str], env: dict[str, str], width: int = 160, height: int = 50
) -> AsyncIterator[Terminal]:
    """`lynkr-tui WORDS` at a terminal of its own, until it ends or the block does."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, *words),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=plain | {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | env,
        start_new_session=True,
    )
    os.close(slave)
    one = Terminal(master, process)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, _read, one)
    try:
        yield one
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 15)
        loop.remove_reader(master)
        os.close(master)


def _read(one: Terminal) -> None:
    try:
        one.raw += os.read(one.fd, 2**16)
    except OSError:  # the other end is closed
        asyncio.get_running_loop().remove_reader(one.fd)
