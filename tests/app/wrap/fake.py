"""A stand-in for a client: a script on the PATH that says what it was given and does as told."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from tests.app.commands.running import clean
from tests.support.program import PROGRAM

SCRIPT = """\
#!{python}
import os, signal, sys, time, urllib.request, json
from pathlib import Path
told = Path({folder!r})
keys = {keys!r}
said = {{name: os.environ.get(name) for name in keys}}
said |= {{"words": sys.argv[1:], "tty": os.isatty(0), "heard": [], "files": {{}}}}
for word in sys.argv[1:]:
    if word.startswith("/") and Path(word).exists():
        paths = [Path(word)] if Path(word).is_file() else Path(word).rglob("*.json")
        said["files"] |= {{str(one): one.read_text() for one in paths}}
def save():
    half = told / "said.tmp"
    half.write_text(json.dumps(said))
    half.rename(told / "said.json")
for number in {signals!r}:
    signal.signal(number, lambda n, f: (said["heard"].append(n), save()))
{act}
save()
while {wait!r} not in map(str, said["heard"]) and {wait!r}:
    time.sleep(0.02)
time.sleep({linger})
{end}
"""

ASK = """
body = {"model": "claude-sonnet-4-5", "max_tokens": 9,
        "messages": [{"role": "user", "content": "Why is the sky blue?"}]}
for n in range(2):
    request = urllib.request.Request(
        os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages", json.dumps(body).encode(),
        {"user-agent": "claude-cli/2.1", "content-type": "application/json"})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()
"""

KEYS = (
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_API_KEY",
    "CLAUDE_CODE_GATEWAY_HINT_HEADERS",
    "CLAUDE_CODE_USE_BEDROCK",
    "ENABLE_TOOL_SEARCH",
    "NO_PROXY",
    "LYNKR_KEY",
    "OPENAI_API_KEY",
    "OPENAI_API_BASE",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "OPENCODE_CONFIG_CONTENT",
    "PYDANTIC_DISABLE_PLUGINS",
)


class Fake:
    """Puts the script on a PATH; `wrap` starts it the way a user would."""

    def __init__(self, folder: Path, name: str, **how: Any) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir(exist_ok=True)
        given = {"act": "", "wait": "", "linger": 0, "end": "sys.exit(0)", "signals": ()} | how
        path = self.bin / name
        path.write_text(
            SCRIPT.format(python=sys.executable, folder=str(folder), keys=KEYS, **given)
        )
        path.chmod(0o755)

    @property
    def env(self) -> dict[str, str]:
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return {**clean(self.folder), "PATH": path}

    def wrap(self, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(PROGRAM), "wrap", *map(str, words)],
            capture_output=True,
            text=True,
            timeout=60,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
        )

    def start(self, *words: object, **how: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [str(PROGRAM), "wrap", *map(str, words)], env=self.env, start_new_session=True, **how
        )

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads((self.folder / "said.json").read_bytes())
        return found

    def await_word(self) -> None:
        """Until the script has said what it was given."""
        until = time.monotonic() + 30
        while not (self.folder / "said.json").exists():
            assert time.monotonic() < until, "the client never started"
            time.sleep(0.02)  # noqa: TID251
