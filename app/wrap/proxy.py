"""The proxy that a client is led through: one that runs already, or one of its own."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

import orjson
from msgspec import Struct

from app.process.failure import Failure

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 8.0
ASK_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.05
_LISTENS: Final = "lynkr-tui listens on "


class Proxy(Struct, frozen=True):
    """One that listens. `hands_on` are the kinds of providers that get a caller's own credential;
    `at_home` is whether every route leads to Anthropic itself."""

    host: str
    port: int
    hands_on: tuple[str, ...] = ()
    at_home: bool = False
    own: bool = False  # started for this client, so all that it tells of is this client's

    @property
    def url(self) -> str:
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def get(self, path: str) -> Any:
        """What it answers with, as JSON. OSError or ValueError where it does not."""
        return _ask("GET", self.host, self.port, path)

    def delete(self, path: str) -> Any:
        """The same, by DELETE."""
        return _ask("DELETE", self.host, self.port, path)


def joined(host: str, port: int) -> Proxy | None:
    """The proxy that answers there, if it is one of ours."""
    try:
        health = _ask("GET", host, port, "/lynkr/health")
    except (OSError, ValueError):
        return None
    if not isinstance(health, dict) or health.get("status") != "ok":
        return None
    return Proxy(host, port, tuple(health.get("hands_on", ())), bool(health.get("at_home")))


@contextmanager
def started(config: Path, data: Path, host: str, port: int) -> Iterator[Proxy]:
    """A proxy in a process and a session of its own, until the block ends; it hears none of the
    terminal's signals, and ends also when we are killed. Failure where it does not come up."""
    words = (*("--config", config, "--data", data), "--host", host, "--port", str(port))
    code = "from app.wrap.kept import main; main()"
    with tempfile.TemporaryFile("w+b") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, "serve", *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            url = _listening(process, said)
            found = joined(host, int(url.rpartition(":")[2]))
            if found is None:
                raise Failure(f"the proxy at {url} does not answer; try `lynkr-tui serve`")
            yield Proxy(found.host, found.port, found.hands_on, found.at_home, own=True)
        finally:
            _end(process)


def _listening(process: subprocess.Popen[bytes], said: Any) -> str:
    """The URL that it says; what it says in its place is why it did not come up."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        ended = process.poll() is not None
        text = os.pread(said.fileno(), 65_536, 0).decode(errors="replace")
        whole = text.split("\n")[:-1]
        if line := next((one for one in whole if one.startswith(_LISTENS)), ""):
            return line.removeprefix(_LISTENS).partition(";")[0]
        if ended:
            raise Failure(text.strip().removeprefix("lynkr-tui: ") or "the proxy did not start")
        time.sleep(LOOK_SECONDS)  # noqa: TID251  # no loop runs here
    raise Failure(f"the proxy did not start within {START_SECONDS:g} s; try `lynkr-tui serve`")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()


def _ask(method: str, host: str, port: int, path: str) -> Any:
    connection = HTTPConnection(host, port, timeout=ASK_SECONDS)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        body = answer.read()
    except HTTPException as error:
        raise OSError(f"no HTTP at {host}:{port}: {error}") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise OSError(f"{path} answered {answer.status}")
    return orjson.loads(body)
