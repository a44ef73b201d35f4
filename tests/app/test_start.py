"""What a start does before it listens, and what it leaves for later."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from app.house import running
from app.process.beginning import PATTERNS, Beginning
from classifier import force
from proxy.config.edit import ConfigFile
from proxy.ledger.ledger import Ledger
from proxy.paths import DataFiles
from tests.proxy.ledgers import kept, wait_for
from tests.proxy.told import feed, whole
from tests.support.proxy import config_for

SLOW = (
    *("numpy", "sqlite_utils", "tiktoken", "genai_prices", "torch", "jsonschema"),
    *("textual", "rich", "plotext", "botocore", "keyring", "proxy.cache.guard"),
)
AS_IT_LISTENS = f"""
import ssl, sys
def read(*_): print("certificates were read")
ssl.SSLContext.load_default_certs = ssl.SSLContext.load_verify_locations = read
ssl.SSLContext.set_default_verify_paths = read
from proxy.server import Server
async def start(self):
    print([name for name in {SLOW!r} if name in sys.modules])
    raise SystemExit(0)
Server.start = start
from app.cli import main
main()
"""


def config(folder: Path) -> Path:
    path = folder / "config.toml"
    path.write_text(config_for("http://127.0.0.1:9"))
    return path


def test_nothing_slow_is_loaded_before_it_listens(tmp_path: Path) -> None:
    code = f"import sys, app.bare_aiohttp; sys.argv[0] = 'lynkr-tui'{AS_IT_LISTENS}"
    files = ("--config", config(tmp_path), "--data", tmp_path / "data", "--port", "0")
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", *files], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


async def test_what_is_slow_waits_for_the_first_paint_and_loads_once(tmp_path: Path) -> None:
    force._set_of.cache_clear()
    file, data = ConfigFile(config(tmp_path)), DataFiles(tmp_path / "data")
    async with running(file, data, "127.0.0.1", 0, screen=True) as server:
        assert not data.ledger.exists()
        for _ in range(2):
            server.house.wake()
        await server.house.counter.run(time.time)  # its thread has done what was asked before
        assert force._set_of.cache_info().misses == 1
        assert server.house.prices.at_hand("anthropic_compatible", "small")
        wait_for(data.ledger.exists)


async def test_a_screen_that_never_paints_is_not_waited_for(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("app.house.PAINT_SECONDS", 0.01)
    begun = asyncio.Event()
    monkeypatch.setattr(Beginning, "__call__", lambda self: begun.set())
    file, data = ConfigFile(config(tmp_path)), DataFiles(tmp_path / "data")
    async with running(file, data, "127.0.0.1", 0, screen=True):
        await asyncio.wait_for(begun.wait(), 10)


def test_a_sleeping_ledger_takes_what_ends_and_writes_it_once_it_is_woken(tmp_path: Path) -> None:
    for name, wakes in (("woken.db", Ledger.wake), ("closed.db", lambda ledger: None)):
        ledger = Ledger(tmp_path / name, asleep=True)
        feed(ledger, whole("a"))
        assert not ledger.path.exists()
        wakes(ledger)
        assert ledger.close(10)
        assert kept(ledger.path) == ["a"]


def test_every_pattern_that_waits_is_compiled_by_a_call_without_arguments() -> None:
    assert all(compiled() is None for compiled in PATTERNS)
