"""The dashboard in a terminal of its own: how soon it paints, what it takes, whom it holds up."""

import asyncio
import fcntl
import os
import pty
import socket
import struct
import termios
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

from tests.benchmarks import bodies, loads
from tests.benchmarks.processes import PATIENCE, PROGRAM, Process, as_installed
from tests.benchmarks.wire import connect, post

LINES, COLUMNS = 40, 120
PAINTED = b"Live"  # a word of the first screen
A_SECOND = 50  # exchanges, while a stream goes on


@asynccontextmanager
async def dashboard(folder: Path, config: str) -> AsyncIterator[tuple[Process, float]]:
    """The program on `config` in a terminal that is read as it writes, and the seconds that it took
    to paint."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(config)
    port = _free()
    files = ("--config", folder / "config.toml", "--data", folder / "data", "--port", str(port))
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        PROGRAM, *files, stdin=its, stdout=its, stderr=its, env=_plain()
    )
    os.close(its)
    painted = _read(ours)
    try:
        await asyncio.wait_for(painted, PATIENCE)
        seconds = time.perf_counter() - began
        yield Process(process.pid, f"http://127.0.0.1:{port}", seconds), seconds
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)


def _plain() -> dict[str, str]:
    sized = {"COLUMNS", "LINES", "NO_COLOR"}
    kept = {name: value for name, value in as_installed().items() if name not in sized}
    return kept | {"TERM": "xterm-256color"}


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _read(terminal: int) -> "asyncio.Future[None]":
    """Read what the program writes, to its end; done once the first screen stands."""
    loop = asyncio.get_running_loop()
    painted: asyncio.Future[None] = loop.create_future()
    tail = b""

    def read() -> None:
        nonlocal tail
        try:
            tail = tail[-len(PAINTED) :] + os.read(terminal, 65_536)
        except OSError:
            loop.remove_reader(terminal)
            return
        if PAINTED in tail and not painted.done():
            painted.set_result(None)

    loop.add_reader(terminal, read)
    return painted


async def idle_share(process: Process, seconds: float) -> float:
    """Percent of one processor that it takes when nothing happens."""
    before = process.cpu()
    await asyncio.sleep(seconds)
    return (process.cpu() - before) / seconds * 100


async def gaps_while_busy(process: Process, chunks: int) -> list[float]:
    """Milliseconds between the pieces of a paced stream, with 50 exchanges a second on screen."""
    busy = asyncio.gather(_keep_busy(process))
    await asyncio.sleep(0.5)
    found = await loads.gaps(process.url, post(bodies.short(stream=True), f"?chunks={chunks}"))
    busy.cancel()
    with suppress(asyncio.CancelledError):
        await busy
    return found


async def _keep_busy(process: Process) -> None:
    connection = await connect(process.url)
    requests = bodies.numbered(bodies.short())
    due = time.perf_counter()
    for _ in count():
        await connection.ask(post(next(requests)))
        due += 1 / A_SECOND
        await asyncio.sleep(max(due - time.perf_counter(), 0))
