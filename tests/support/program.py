"""The real program as a process of its own: `lynkr-tui serve` on a free port."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("lynkr-tui")
_URL = re.compile(r"listens on (http://\S+);")


@dataclass
class Running:
    """A process that serves; `lines` is what it said on stderr so far."""

    process: asyncio.subprocess.Process
    url: str
    data: Path
    lines: list[str] = field(default_factory=list)


@asynccontextmanager
async def serve(folder: Path, config: str, *options: str) -> AsyncIterator[Running]:
    """Start `serve` on `config`, wait until it listens, and end it by SIGTERM."""
    (folder / "config.toml").write_text(config)
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        *("serve", "--config", folder / "config.toml", "--data", folder / "data", "--port", "0"),
        *options,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield await _listening(process, folder / "data")
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 10)


async def _listening(process: asyncio.subprocess.Process, data: Path) -> Running:
    assert process.stderr is not None
    said = (await asyncio.wait_for(process.stderr.readline(), 20)).decode()
    found = _URL.search(said)
    assert found, f"serve said {said!r}"
    return Running(process, found[1], data, [said])
