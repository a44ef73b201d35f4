"""A whole proxy in this process, on a free port, with a config of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.house import running
from proxy.config.edit import ConfigFile
from proxy.events import Event
from proxy.paths import DataFiles
from proxy.server import Server


def config_for(url: str, kind: str = "anthropic_compatible", more: str = "") -> str:
    """Four tiers at one provider named `up`: up/small, up/middle, up/large, up/deep. No embedder:
    it takes seconds of a processor to load."""
    quiet = "" if "[cache]" in more else "[cache]\nsemantic = false\n"
    return f"""
[providers.up]
kind = "{kind}"
base_url = "{url}"

[tiers]
SIMPLE = "up/small"
MEDIUM = "up/middle"
COMPLEX = "up/large"
REASONING = "up/deep"
{more}
{quiet}
"""


class Heard(list[Event]):
    """Every event that a proxy told of, in order."""

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self if isinstance(event, kind)]

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self]


@asynccontextmanager
async def proxy(folder: Path, config: str) -> AsyncIterator[tuple[Server, Heard]]:
    """A proxy that listens, and what it tells; its data are in `folder`."""
    path = folder / "config.toml"
    path.write_text(config)
    async with running(ConfigFile(path), DataFiles(folder / "data"), "127.0.0.1", 0) as server:
        heard = Heard()
        server.house.bus.subscribe(heard.append)
        yield server, heard
