"""The demo provider: answers Messages requests from a script, in process, without a network."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import orjson

from proxy.providers import demo_stream
from proxy.providers.base import Call
from proxy.providers.demo_answer import MODELS, answer, last_words

SPEED_HEADER = "x-demo-speed"  # 2 is twice as fast, 0 without any pause
FAIL_HEADER = "x-demo-fail"  # the status to fail with
FAIL_MARK = "[demo:"  # the same in a text: [demo:529]

_ERRORS: Mapping[int, tuple[str, str, dict[str, str]]] = {
    400: ("invalid_request_error", "messages: at least one message is required", {}),
    429: ("rate_limit_error", "Too many requests for this demo", {"retry-after": "1"}),
    500: ("api_error", "The demo provider broke, as it was asked to", {}),
    529: ("overloaded_error", "Overloaded", {}),
}


class DemoReply:
    """An answer in pieces, each with the seconds to wait before it."""

    def __init__(
        self, status: int, headers: Mapping[str, str], pieces: list[demo_stream.Piece], speed: float
    ) -> None:
        self.status = status
        self.headers = headers
        self._pieces = pieces
        self._speed = speed
        self._closed = False

    async def chunks(self) -> AsyncIterator[bytes]:
        for wait, data in self._pieces:
            if wait and self._speed:
                await asyncio.sleep(wait / self._speed)
            if self._closed:
                return
            yield data

    async def read(self) -> bytes:
        return b"".join([chunk async for chunk in self.chunks()])

    def close(self) -> None:
        self._closed = True


class DemoProvider:
    """Deterministic: the same request gets the same answer. Nothing leaves the process."""

    dialect = "anthropic"

    def __init__(self, name: str, speed: float = 1.0) -> None:
        self.name = name
        self._speed = speed

    async def send(self, call: Call) -> DemoReply:
        """An answer, or the failure that the request asks for by header or mark."""
        body = orjson.loads(call.body)
        speed = _number(call.headers.get(SPEED_HEADER, ""), self._speed)
        status = _trouble(body, call.headers)
        if status is not None:
            return _refusal(status, speed)
        message = answer(body, call.body)
        pace = demo_stream.PACES[message["model"]]
        pieces = demo_stream.pieces(message, pace) if call.stream else [_whole(message, pace)]
        kind = "text/event-stream; charset=utf-8" if call.stream else "application/json"
        headers = {"content-type": kind, "request-id": f"req_{message['id']}"}
        return DemoReply(200, headers, pieces, speed)

    async def models(self) -> list[str]:
        """The four demo models."""
        return list(MODELS)


def _whole(message: dict[str, object], pace: demo_stream.Pace) -> demo_stream.Piece:
    pieces = demo_stream.pieces(message, pace)
    return sum(wait for wait, _ in pieces), orjson.dumps(message)


def _trouble(body: dict[str, object], headers: Mapping[str, str]) -> int | None:
    if not body.get("messages"):
        return 400
    text = last_words(body)
    mark = text.rpartition(FAIL_MARK)[2].partition("]")[0] if FAIL_MARK in text else ""
    asked = headers.get(FAIL_HEADER, mark)
    return int(asked) if asked.isdecimal() and int(asked) in _ERRORS else None


def _refusal(status: int, speed: float) -> DemoReply:
    kind, text, extra = _ERRORS[status]
    body = {"type": "error", "error": {"type": kind, "message": text}, "request_id": "req_demo"}
    headers = {"content-type": "application/json", **extra}
    return DemoReply(status, headers, [(0.05, orjson.dumps(body))], speed)


def _number(text: str, default: float) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return default
