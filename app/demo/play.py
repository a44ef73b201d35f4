"""The demo: a config on the built-in provider, and a working day played through the real proxy."""

import asyncio
import logging
import uuid
from collections.abc import Mapping
from functools import partial
from itertools import count, groupby
from pathlib import Path
from typing import Final

import aiohttp

from app.demo.client import Conversation
from app.demo.day import CHORES, HELPER, Chore
from proxy.providers.demo import SPEED_HEADER

log = logging.getLogger(__name__)

_BETWEEN_MESSAGES: Final = 3.0  # seconds, at speed 1
_BETWEEN_CHORES: Final = 4.0
_BETWEEN_CLIENTS: Final = 0.8
_AFTER_FAILURE: Final = 1.0  # at any speed: a proxy that is gone must not be hammered

_CONFIG: Final = """\
# The demo's config: no key, no network, no cost. Copy it and put your own providers in.

[providers.demo]
kind = "demo"                   # built in: answers from a script

[tiers]
SIMPLE = "demo/demo-simple"
MEDIUM = "demo/demo-medium"
COMPLEX = "demo/demo-complex"
REASONING = "demo/demo-reasoning"

[classifier]
boundaries = [20, 51, 76]       # where MEDIUM, COMPLEX and REASONING begin

# Rules that decide before the score does; the first that matches wins.
[[force]]
name = "commit-message"
pattern = '^write a commit message'
tier = "SIMPLE"

[[force]]
name = "proof"
pattern = '\\b(prove|proof) (that|of)\\b'
tier = "REASONING"

# Off until you want it: switch it on in the routing screen.
[[force]]
name = "production"
pattern = '\\bproduction\\b'
tier = "COMPLEX"
enabled = false

[tools]
strip = true
never = ["Read", "Edit"]

[compression]
level = "lossless"              # off, lossless, balanced

[cache]
exact = true
semantic = false                # true answers reworded questions too: 600 MB for its embedder

# PRETEND prices, in dollars per million tokens: these models cost nothing. They have the
# proportions of a vendor's small, middle, large and largest model, so that savings show.
[prices]
demo-simple = { input = 0.25, output = 1.25, cache_read = 0.025, cache_write = 0.3125 }
demo-medium = { input = 1, output = 5, cache_read = 0.1, cache_write = 1.25 }
demo-complex = { input = 3, output = 15, cache_read = 0.3, cache_write = 3.75 }
demo-reasoning = { input = 15, output = 75, cache_read = 1.5, cache_write = 18.75 }
"""


def demo_config_text() -> str:
    """A whole config on the demo provider, with comments for its reader."""
    return _CONFIG


def write_config(folder: Path) -> Path:
    """The demo's config in `folder`; one that is there is its owner's and stays as it is."""
    path = folder / "demo.toml"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text(_CONFIG, encoding="utf-8")
    return path


async def play(base_url: str, speed: float = 1.0, rounds: int | None = None) -> None:
    """Three clients work through their chores against the proxy at `base_url`, side by side.

    2 is twice as fast, 0 without any pause. Ends after `rounds` days, or never. A chore that the
    proxy ends is given up; nothing is raised for it.
    """
    by_client = groupby(sorted(CHORES, key=_agent), key=_agent)
    async with aiohttp.ClientSession() as session:
        workers = [
            _work(session, base_url, list(chores), _Pace(speed, n * _BETWEEN_CLIENTS), rounds)
            for n, (_, chores) in enumerate(by_client)
        ]
        await asyncio.gather(*workers)


def _agent(chore: Chore) -> str:
    return chore.client.agent


class _Pace:
    """Waits, faster or slower; not at all at speed 0."""

    def __init__(self, speed: float, begin: float) -> None:
        self.speed = speed
        self.begin = begin

    async def __call__(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed if self.speed else 0)


async def _work(
    session: aiohttp.ClientSession,
    url: str,
    chores: list[Chore],
    pace: _Pace,
    rounds: int | None,
) -> None:
    await pace(pace.begin)
    for _ in count() if rounds is None else range(rounds):
        for chore in chores:
            try:
                await _chore(partial(Conversation, session, url), chore, pace)
            except (aiohttp.ClientError, TimeoutError) as error:
                log.info("a demo chore was given up: %s", error)
                await asyncio.sleep(_AFTER_FAILURE)
            await pace(_BETWEEN_CHORES)


async def _chore(talk: "partial[Conversation]", chore: Chore, pace: _Pace) -> None:
    headers = {SPEED_HEADER: f"{pace.speed:g}", **_session_headers(chore)}
    conversation = talk(chore, headers, pace)
    for n, text in enumerate(chore.says):
        await conversation.say(chore.attach + text, failing=n == chore.fails_at)
        if chore.titled:
            await conversation.title()
        if chore.helper and not n:
            helper = Chore(HELPER, chore.place, (chore.helper,))
            agent = {"x-claude-code-agent-id": uuid.uuid4().hex[:12]}
            await talk(helper, {**headers, **agent}, pace).say(chore.helper)
        await pace(_BETWEEN_MESSAGES)


def _session_headers(chore: Chore) -> Mapping[str, str]:
    """How each client names its session; aider does not."""
    name = {"claude-cli": "x-claude-code-session-id", "codex_cli_rs": "session_id"}
    header = name.get(chore.client.agent.partition("/")[0])
    return {header: str(uuid.uuid4())} if header else {}
