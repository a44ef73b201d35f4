"""Bytes to a proxy's socket, and what comes back: for what no HTTP client would send."""

import asyncio
from typing import Any

import orjson

PATHS = {
    "anthropic": "/v1/messages",
    "openai_chat": "/v1/chat/completions",
    "openai_responses": "/v1/responses",
}


async def answer_to(port: int, data: bytes, seconds: float = 10) -> bytes:
    """All that the proxy says to `data` until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        return await asyncio.wait_for(reader.read(), seconds)
    finally:
        writer.close()


def head(path: str, *lines: str, method: str = "POST", host: str = "127.0.0.1") -> bytes:
    """A request's head, complete; `lines` are headers."""
    return "\r\n".join((f"{method} {path} HTTP/1.1", f"Host: {host}", *lines, "", "")).encode()


def parted(answer: bytes) -> tuple[int, dict[str, Any]]:
    """Status and JSON body."""
    top, _, body = answer.partition(b"\r\n\r\n")
    return int(top.split()[1]), orjson.loads(body)
