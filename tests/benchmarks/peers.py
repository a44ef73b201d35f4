"""Other proxies by name, where they are installed: the same requests, the same upstream."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any, Final

import orjson

from tests.benchmarks import bodies, processes
from tests.benchmarks.processes import Process
from tests.benchmarks.rows import Row, alone, beside
from tests.benchmarks.turns import Bench, by_turns, p50, rate
from tests.benchmarks.wire import connect, post

FEWER: Final = 8  # times fewer requests than for the proxy: a peer may take 100 ms for each
PATIENCE: Final = 600.0  # seconds for a peer: one may stop answering in the middle of a load
_VERSION = re.compile(r"\d+\.\d+[\w.]*")
_NOWHERE: Final = "http://127.0.0.1:9"  # a proxy for https that nobody plays: no way outside


@dataclass(frozen=True, slots=True)
class Peer:
    """A proxy that speaks Messages on both sides; its home is in the bench's folder."""

    name: str
    program: str  # as found on PATH
    install: str  # the command that installs it
    version: str  # the argument that makes it print its version
    file: str  # its config, in its home
    config: Callable[[str, int], dict[str, Any]]  # of the upstream's address and its own port
    command: Callable[[int], tuple[str, ...]]  # its arguments, with its own port
    env: Mapping[str, str] = field(default_factory=dict)


def _router(upstream: str, port: int) -> dict[str, Any]:
    """The Anthropic transformer alone passes requests and answers on as they are."""
    provider = {
        "name": "bench",
        "api_base_url": f"{upstream}/v1/messages",
        "api_key": "none",
        "models": [bodies.MODEL],
        "transformer": {"use": ["Anthropic"]},
    }
    return {
        "HOST": "127.0.0.1",
        "PORT": port,
        "LOG": False,
        "NON_INTERACTIVE_MODE": True,
        "Providers": [provider],
        "Router": {"default": f"bench,{bodies.MODEL}"},
    }


def _litellm(upstream: str, port: int) -> dict[str, Any]:
    params = {"model": f"anthropic/{bodies.MODEL}", "api_base": upstream, "api_key": "none"}
    return {
        "model_list": [{"model_name": bodies.MODEL, "litellm_params": params}],
        "litellm_settings": {"telemetry": False},
    }


PEERS: Final = (
    Peer(
        "Claude Code Router",
        "ccr",
        "npm install -g @musistudio/claude-code-router",
        "version",
        ".claude-code-router/config.json",
        _router,
        lambda port: ("start",),
    ),
    Peer(
        "LiteLLM",
        "litellm",
        "pip install 'litellm[proxy]'",
        "--version",
        "config.yaml",  # JSON is YAML too
        _litellm,
        lambda port: ("--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)),
        {
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            # Keys are not checked, as by the others: only this machine reaches it.
            "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
        },
    ),
)


async def peers(bench: Bench) -> list[Row]:
    """Each peer that is on PATH, by turns with bare; a line on stderr for each that is not."""
    return [row for peer in PEERS for row in await _rows(bench, peer)]


async def _rows(bench: Bench, peer: Peer) -> list[Row]:
    program = shutil.which(peer.program)
    if program is None:
        return _left_out(peer, f"no {peer.program} on PATH; {peer.install}")
    try:
        async with asyncio.timeout(PATIENCE):
            return await _measured(bench, peer, program)
    except (OSError, RuntimeError) as error:  # what a peer can't do must not cost the other rows
        return _left_out(peer, repr(error))


def _left_out(peer: Peer, why: str) -> list[Row]:
    print(f"{peer.name} is not measured: {why}", file=sys.stderr)
    return []


async def _measured(bench: Bench, peer: Peer, program: str) -> list[Row]:
    home, port = bench.folder / peer.program, processes.free_port()
    config = home / peer.file
    config.parent.mkdir(parents=True)
    config.write_bytes(orjson.dumps(peer.config(bench.upstream.url, port)))
    env = {**_environment(home), **peer.env}
    name = f"{peer.name} {await _version(peer, program, home, env)}"
    command = (program, *peer.command(port))
    async with processes.listening(command, port, home, env) as process:
        await asyncio.wait_for(_passes_on(process), processes.PATIENCE)
        rows = await _beside(bench, name, process)
        return [*rows, alone(f"{name}: memory", "MB", process.memory())]


async def _passes_on(process: Process) -> None:
    """RuntimeError unless the upstream's own words come back, plain and as a whole stream."""
    for body, end in ((bodies.short(), b"end_turn"), (bodies.coding(), b"message_stop")):
        connection = await connect(process.url)
        answer = await connection.ask(post(body))
        connection.close()
        if end not in answer:
            raise RuntimeError(f"no {end.decode()} in its answer: {answer[-300:]!r}")


async def _beside(bench: Bench, name: str, process: Process) -> list[Row]:
    scale, short, coding = bench.scale, bodies.short(), bodies.coding()
    runs = (
        ("short request, one at a time, p50", "ms", p50, short, scale.short),
        ("50 KB coding-agent request, streamed, p50", "ms", p50, coding, scale.coding),
        ("short requests, 16 at a time", "/s", rate, short, scale.short_at_once),
        ("50 KB streamed, 16 at a time", "/s", rate, coding, scale.coding_at_once),
    )
    return [
        beside(f"{name}: {work}", unit, await by_turns(bench, run, body, n // FEWER + 1, process))
        for work, unit, run, body, n in runs
    ]


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the user's but PATH: no keys, no settings, and no way to the network."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HTTPS_PROXY": _NOWHERE,
        "NO_PROXY": "127.0.0.1",
    }


async def _version(peer: Peer, program: str, home: Path, env: dict[str, str]) -> str:
    asked = await asyncio.create_subprocess_exec(
        program, peer.version, cwd=home, env=env, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
    )
    told, _ = await asyncio.wait_for(asked.communicate(), processes.PEERS_PATIENCE)
    found = _VERSION.search(told.decode())
    return found[0] if found else "of unknown version"
