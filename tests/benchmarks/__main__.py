"""`python -m tests.benchmarks`: the proxy beside a bare pass-through, with the budgets."""

import argparse
import os
import platform
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvloop

from tests.benchmarks import processes
from tests.benchmarks.alone import parts
from tests.benchmarks.measures import MEASURES
from tests.benchmarks.rows import Row, as_json, markdown
from tests.benchmarks.turns import QUICK, Bench, Scale
from tests.support.proxy import config_for

PACKAGES = ("aiohttp", "uvloop", "orjson")


@asynccontextmanager
async def bench(folder: Path, scale: Scale) -> AsyncIterator[Bench]:
    """Upstream, bare pass-through and proxy, each a process of its own."""
    async with AsyncExitStack() as stack:

        async def start(name: str, command: processes.Command) -> processes.Process:
            return await stack.enter_async_context(
                processes.running(command, folder / f"{name}.log")
            )

        upstream = await start("upstream", processes.module("upstream"))
        bare = await start("bare", processes.module("bare", upstream.url))
        proxy = await start("proxy", processes.proxy(folder, config_for(upstream.url)))
        yield Bench(upstream, bare, proxy, scale, folder)


async def measure(folder: Path, scale: Scale, only: str = "") -> list[Row]:
    """All rows, or those of the measures whose name contains `only`."""
    rows = []
    async with bench(folder, scale) as processes_up:
        for one in MEASURES:
            if only in one.__name__:
                rows += await one(processes_up)
    return rows + (parts(scale.calls) if only in "parts" else [])


def facts() -> dict[str, Any]:
    """The machine and the versions that the figures hold for."""
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        **{name: version(name) for name in PACKAGES},
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs: a first impression")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--only", default="", metavar="NAME", help="one measure, such as latency")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scale = QUICK if options.quick else Scale()
        rows = uvloop.run(measure(Path(folder), scale, options.only))
    print(markdown(rows))
    if options.json:
        options.json.write_bytes(as_json(rows, facts()))


if __name__ == "__main__":
    main()
