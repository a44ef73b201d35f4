"""Upstreams that answer by a script: refusals first, then an answer, or trouble in mid-stream."""

import asyncio

from aiohttp import web

from tests.support import chat, messages
from tests.support.upstream import Answer, Sent, as_json, stream

_TYPES = {400: "invalid_request_error", 429: "rate_limit_error", 529: "overloaded_error"}


def refusal(status: int, words: str = "no", **headers: str) -> Answer:
    """A refusal in the shape of the Messages API."""

    async def refuses(request: web.Request, sent: Sent) -> web.StreamResponse:
        error = {"type": _TYPES.get(status, "api_error"), "message": words}
        return as_json({"type": "error", "error": error}, status, **headers)

    return refuses


def says(words: str) -> Answer:
    """The same words each time, in the dialect of the path."""

    async def answers(request: web.Request, sent: Sent) -> web.StreamResponse:
        reply = messages.reply if sent.path.endswith("/messages") else chat.reply
        return await reply(request, sent, [messages.text(words)])

    return answers


def in_turn(*answers: Answer) -> Answer:
    """One after the other; the last one again and again."""
    left = list(answers)

    async def next_one(request: web.Request, sent: Sent) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request, sent)

    return next_one


def late(seconds: float, answer: Answer) -> Answer:
    """`answer`, after a while without a word."""

    async def waits(request: web.Request, sent: Sent) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await answer(request, sent)

    return waits


def halting(words: str, seconds: float) -> Answer:
    """A stream that falls silent in mid-answer for a while, and then goes on."""

    async def halts(request: web.Request, sent: Sent) -> web.StreamResponse:
        chunks = messages.events(sent.body["model"], [messages.text(words)])
        response = await stream(request, chunks[:3])
        await asyncio.sleep(seconds)
        for chunk in chunks[3:]:
            await response.write(chunk)
        return response

    return halts


async def hangs_up(request: web.Request, sent: Sent) -> web.StreamResponse:
    """Closes the connection without a word."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()
