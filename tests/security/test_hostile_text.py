"""Text from clients and upstreams that would drive a terminal, or Rich: none of it gets through."""

import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from tests.security.raw import answer_to, head
from tests.security.terminal import Terminal, terminal
from tests.support import messages
from tests.support.upstream import Sent, Upstream, as_json, stream

EVIL = {
    "a link": "\x1b]8;;http://evil.example/\x07click\x1b]8;;\x07",
    "the clipboard": "\x1b]52;c;ZXZpbCBjbGlwYm9hcmQ=\x07",
    "the cursor": "\x1b[6666;6666H\x1b[6666J\x1bc",
    "the title": "\x1b]0;evil title\x1b\\",
    "C1": "\x9b6666;6666H\x9d0;evil title\x9c\x90evil\x9c\x85",
    "direction": "\u202eevil\u202c\u2066evil\u2069\u061c",
    "nothing to see": "e\u200bv\u2060i\ufeffl\u00ad",
    "controls": "a\r\nb\tc\x00\x07\x08\x0e\x7f\u2028\u2029",
    "markup": "[/nope][b red]evil[/][@click=app.quit]x[/] [link=http://evil.example]y[/link] $evil",
}
ALL = " ".join(EVIL.values())
MARKUP = "[/nope]"
FORBIDDEN = re.compile(
    "[\x00-\x07\x0b-\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff]"
)
OURS_NEVER = re.compile("[\x1b\x9b]\\[?6666|\x1bc|\x1b\\]8|\x1b\\][012];|\x1b\\]52;c;ZXZpbCBjbGlw")
OSC = re.compile(r"\x1b\]([^\x07\x1b]*)(?:\x07|\x1b\\)")
CONFIG = """
[providers.up]
kind = "anthropic_compatible"
base_url = "{url}"
[tiers]
SIMPLE = "up/refuses"
MEDIUM = "up/calls"
COMPLEX = "up/breaks-off"
REASONING = "up/[b]page[/nope]"
[[force]]
name = "[/nope] [b]force"
pattern = '^never$'
tier = "SIMPLE"
[retry]
times = 1
seconds = 0.1
[cache]
semantic = false
[ledger]
keep_text = true
"""
TOOLS = [{"name": f"Tool{ALL}{n}", "input_schema": {"type": "object"}} for n in range(3)]
ROWS = orjson.dumps([{"name": ALL, "n": n} for n in range(30)]).decode()


async def evil(request: web.Request, sent: Sent) -> web.StreamResponse:
    """Every kind of answer, with all that is bad in each text."""
    if not sent.raw:
        return as_json({"data": [{"id": f"{name} {bad}"} for name, bad in EVIL.items()]})
    model = sent.body["model"]
    if model == "calls":
        said = [messages.text(ALL), messages.call("toolu_1", f"Tool{ALL}0", evil=ALL)]
        return await stream(request, messages.events(ALL, said))
    if model == "breaks-off":
        error = messages.event("error", error={"type": "api_error", "message": ALL})
        return await stream(request, [*messages.events(ALL, [messages.text(ALL)])[:4], error])
    if model == "refuses":
        error_body = {"type": "error", "error": {"type": "invalid_request_error", "message": ALL}}
        return as_json(error_body, 400)
    return web.Response(status=500, body=f"<html>{ALL}</html>".encode(), content_type="text/html")


def asked(tier: str) -> bytes:
    user = {"device_id": ALL, "session_id": f"{tier}{ALL}"}
    turns: list[dict[str, Any]] = [
        {"role": "user", "content": f"Look, {ALL}"},
        {"role": "assistant", "content": [messages.call("c1", f"Tool{ALL}0", path=ALL)]},
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "c1", "content": ROWS}],
        },
    ]
    return orjson.dumps(
        {
            "model": f"claude {ALL}",
            "max_tokens": 50,
            "stream": True,
            "system": ALL,
            "tools": TOOLS,
            "messages": turns,
            "metadata": {"user_id": orjson.dumps(user).decode()},
        }
    )


async def ask_all(port: int) -> None:
    """By hand, for no HTTP client would send such a user agent."""
    for tier in ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING"):
        body = asked(tier)
        top = head(
            "/v1/messages",
            f"Content-Length: {len(body)}",
            f"x-lynkr-tier: {tier}",
            "User-Agent: \u009b6666;6666H\u202eevil[/nope]/1.0",
            "Connection: close",
        )
        assert b"HTTP/1.1" in await answer_to(port, top + body, 30)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/v1/models") as got:
            assert got.status == 200


def harmless(raw: bytes) -> None:
    """Nothing there that our own program did not mean."""
    text = raw.decode("utf-8", "replace")
    assert not OURS_NEVER.search(text)
    for payload in OSC.findall(text):
        if re.fullmatch(r"22;[a-z-]+", payload):
            continue  # the pointer's shape, which is Textual's own
        kind, _, copied = payload.partition(";c;")
        assert kind == "52", payload[:80]
        told = base64.b64decode(copied).decode()
        assert not FORBIDDEN.search(told) and "\x1b" not in told
    found = FORBIDDEN.search(OSC.sub("", text))
    assert not found, ascii(found.string[max(found.start() - 80, 0) : found.start() + 80])


@asynccontextmanager
async def beside_evil(folder: Path) -> AsyncIterator[tuple[str | Path, ...]]:
    async with Upstream(evil) as upstream:
        (folder / "config.toml").write_text(CONFIG.format(url=upstream.url))
        yield "--config", folder / "config.toml", "--data", folder / "data"


def port_of(screen: Terminal) -> int:
    found = re.search(r"127\.0\.0\.1:(\d{4,5})", screen.text)
    assert found, screen.text[-500:]
    return int(found[1])


async def test_every_screen_shows_it_as_text(tmp_path: Path) -> None:
    async with beside_evil(tmp_path) as places:
        async with terminal(*places, "--port", "0", env={}) as screen:
            await screen.sees("127.0.0.1:")
            await ask_all(port_of(screen))
            await screen.sees(MARKUP)
            for key in "jjk\rvyYwxrttpsl?:\x1bn/evil\r\x1bl":
                screen.press(key)
                await screen.at_rest(0.15)
            assert screen.process.returncode is None, screen.text[-2000:]
            screen.press("q")
            await screen.until(lambda: screen.process.returncode == 0, "the end")
        harmless(bytes(screen.raw))
    log = (tmp_path / "data" / "lynkr-tui.log").read_text()
    assert not FORBIDDEN.search(log) and "\x1b" not in log


@pytest.mark.parametrize("form", [(), ("--json",)])
async def test_every_line_of_serve_is_text(tmp_path: Path, form: tuple[str, ...]) -> None:
    async with beside_evil(tmp_path) as places:
        words = ("serve", *places, "--port", "0", *form)
        async with terminal(*words, env={}) as screen:
            await screen.sees("listens on")
            await ask_all(port_of(screen))
            await screen.sees("Failed" if form else "500")
            await screen.at_rest()
        harmless(bytes(screen.raw))
        assert MARKUP in screen.text


async def test_every_command_that_reads_the_ledger_or_a_file_prints_text(tmp_path: Path) -> None:
    async with beside_evil(tmp_path) as places:
        async with terminal("serve", *places, "--port", "0", env={}) as screen:
            await screen.sees("listens on")
            await ask_all(port_of(screen))
            await screen.sees("500")
        (tmp_path / "request.json").write_bytes(asked("SIMPLE"))
        data = places[2:]
        for words in (
            ("history", "--by", "model", *data),
            ("history", "--by", "session", "--csv", *data),
            ("history", "--by", "client", "--json", *data),
            ("statusline", *data),
            ("explain", tmp_path / "request.json", *places),
            ("doctor", *places),
        ):
            async with terminal(*words, env={}) as screen:
                await screen.until(lambda: screen.process.returncode is not None, "the end")
                await screen.at_rest(0.1)
            assert screen.text.strip(), words
            harmless(bytes(screen.raw))


@pytest.mark.parametrize("name", sorted(EVIL.keys() - {"markup"}))
def test_what_is_looked_for_would_be_found(name: str) -> None:
    with pytest.raises(AssertionError):
        harmless(EVIL[name].encode())
