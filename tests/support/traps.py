"""Golden dialogues: a client's request, what the upstream must see of it, what the upstream says,
and what the client must get; each trap is a folder of plain files.

about.txt      fields (client, provider, config, and any request header), a blank line, the promise
request.json   as the client sends it
upstream.json  the body that the upstream must see, upstream.txt its very bytes; without them, and
               without an answer, none
answer.json    what the upstream says; or answer.sse, or answer.http with its status and headers;
               without one it says hello
client.json    what the client must get; or client.sse, or client.http; without one any 200 does
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic_core import from_json  # keeps every digit

from proxy.providers.catalog import KINDS
from tests.support import chat, messages, responses
from tests.support.upstream import Sent

FOLDER = Path(__file__).parents[1] / "golden" / "traps"
PATHS = {
    "anthropic": "/v1/messages",
    "openai_chat": "/v1/chat/completions",
    "openai_responses": "/v1/responses",
}
_HELLO = {
    "messages": messages.says_hello,
    "completions": chat.says_hello,
    "responses": responses.says_hello,
}
_TYPES = {".sse": "text/event-stream", ".json": "application/json"}
_OUR_ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")  # new for every exchange
_OUR_ITEM = re.compile(rb"(?<=_0lynkr)[0-9a-f]+")
_CREATED = re.compile(rb'"(created|created_at|completed_at)":\d+')


@dataclass(frozen=True)
class Said:
    """An answer as it stands in a file."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Trap:
    """One folder; `fields` are those of about.txt."""

    folder: Path
    fields: dict[str, str]
    promise: str

    @property
    def client(self) -> str:
        return self.fields["client"]

    @property
    def provider(self) -> str:
        return self.fields["provider"]

    @property
    def headers(self) -> dict[str, str]:
        own = ("client", "provider", "config")
        return {name: text for name, text in self.fields.items() if name not in own}

    @property
    def request(self) -> bytes:
        return (self.folder / "request.json").read_bytes()

    @property
    def upstream(self) -> Any:
        path = self.folder / "upstream.json"
        return from_json(path.read_bytes()) if path.exists() else None

    @property
    def upstream_bytes(self) -> bytes | None:
        path = self.folder / "upstream.txt"
        return path.read_bytes() if path.exists() else None

    @property
    def answer(self) -> Said | None:
        return said(self.folder, "answer")

    @property
    def expected(self) -> Said | None:
        return said(self.folder, "client")

    @property
    def streamed(self) -> bool:
        """Whether both sides are streams of their own."""
        return all((self.folder / f"{who}.sse").exists() for who in ("answer", "client"))

    def lend_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Give the proxy a key for the provider, where it takes one."""
        monkeypatch.setenv(KINDS[self.provider].key_env or "NO_KEY", "key-of-the-proxy")

    async def reply(self, request: web.Request, sent: Sent) -> web.StreamResponse:
        """What the upstream says."""
        given = self.answer
        if given is None:
            return await _HELLO[sent.path.rpartition("/")[2]](request, sent)
        return web.Response(status=given.status, headers=given.headers, body=given.body)


def read(folder: Path) -> Trap:
    head, _, promise = (folder / "about.txt").read_text().partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    return Trap(folder, {name.strip(): text.strip() for name, _, text in pairs}, promise.strip())


def said(folder: Path, who: str) -> Said | None:
    """`who`.json or .sse as a 200, `who`.http as it says; None where there is no such file."""
    for path in folder.glob(f"{who}.*"):
        if path.suffix != ".http":
            return Said(200, {"content-type": _TYPES[path.suffix]}, path.read_bytes())
        head, _, body = path.read_bytes().partition(b"\n\n")
        status, *lines = head.decode().splitlines()
        pairs = (line.partition(": ") for line in lines)
        return Said(int(status), {name: text for name, _, text in pairs}, body.rstrip(b"\n"))
    return None


def settled(body: bytes) -> bytes:
    """`body` without what differs from run to run: our ids and the time of day."""
    return _CREATED.sub(rb'"\1":1', _OUR_ID.sub(b"OUR-ID", _OUR_ITEM.sub(b"-ITEM", body)))
