"""The processes that are measured: started, found by the address they print, ended."""

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("lynkr-tui")
_URL = re.compile(rb"listens on (http://[^\s;]+)")
_RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")
PATIENCE = 20.0  # seconds to start
PEERS_PATIENCE = 90.0  # seconds; some import for long

Command = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Process:
    """A server on loopback; `started` is the seconds it took to listen."""

    pid: int
    url: str
    started: float

    def cpu(self) -> float:
        """Seconds of processor time so far, all threads; 0 where the system does not tell."""
        stats = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(path.read_text().split()[0]) for path in stats) / 1e9

    def memory(self) -> float:
        """Resident megabytes; 0 where the system does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        found = _RESIDENT.search(status.read_text()) if status.exists() else None
        return int(found[1]) / 1024 if found else 0.0


@asynccontextmanager
async def running(command: Command, log: Path) -> AsyncIterator[Process]:
    """Start `command`, which prints its address on stderr; stderr goes to the file `log`."""
    began = time.perf_counter()
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(*command, stderr=out, env=as_installed())
    try:
        url = await asyncio.wait_for(_address(log, process), PATIENCE)
        yield Process(process.pid, url, time.perf_counter() - began)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)


@asynccontextmanager
async def listening(
    command: Command, port: int, home: Path, env: Mapping[str, str]
) -> AsyncIterator[Process]:
    """Start `command` in the folder `home`, and wait till `port` answers.

    What it prints goes to the file `log` there. It ends together with all that it started.
    """
    began, log = time.perf_counter(), home / "log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=out, stderr=out, cwd=home, env=env, start_new_session=True
        )
    try:
        await asyncio.wait_for(_answers(port, log, process), PEERS_PATIENCE)
        yield Process(process.pid, f"http://127.0.0.1:{port}", time.perf_counter() - began)
    finally:
        await _end_group(process)


async def _answers(port: int, log: Path, process: asyncio.subprocess.Process) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            _still_runs(log, process)
            await asyncio.sleep(0.05)
        else:
            return writer.close()


async def _end_group(process: asyncio.subprocess.Process) -> None:
    """Asked to end first; whoever of its group is left then is killed."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def as_installed() -> dict[str, str]:
    """The environment, but that what is imported may stay compiled, as an installer leaves it."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


async def _address(log: Path, process: asyncio.subprocess.Process) -> str:
    while True:
        found = _URL.search(log.read_bytes())
        if found:
            return found[1].decode()
        _still_runs(log, process)
        await asyncio.sleep(0.005)


def _still_runs(log: Path, process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        raise RuntimeError(f"it ended at once: {log.read_text()[-500:]}")


def module(name: str, *arguments: str) -> list[str]:
    """The command for a module of the benchmarks."""
    return [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]


def proxy(folder: Path, config: str) -> list[str | Path]:
    """The command for the proxy on `config`, its files in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(config)
    files = ("--config", folder / "config.toml", "--data", folder / "data")
    return [PROGRAM, "serve", *files, "--port", "0"]
