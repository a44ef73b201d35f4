"""The body of a client's request: all of it, of a size that is taken, and within a time."""

import asyncio
from typing import Any, Final

import orjson
from aiohttp import web

from proxy.errors import BadRequest, TooLarge, TooSlow

MOST_BODY: Final = 32 * 1024 * 1024  # bytes, unpacked; Anthropic's own limit
BODY_SECONDS = 60.0


async def body_of(request: web.Request) -> bytes:
    """Raises TooLarge, TooSlow for one that stalls, BadRequest for one that can't be unpacked."""
    try:
        async with asyncio.timeout(None if request.content.is_eof() else BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        limit = f"the body is larger than {MOST_BODY // 2**20} MiB; send less at once"
        raise TooLarge(limit) from None
    except TimeoutError:
        raise TooSlow(f"the body did not come within {BODY_SECONDS:g} s") from None
    except web.RequestPayloadError as error:
        raise BadRequest(
            f"the body can't be read: {type(error.__cause__ or error).__name__}"
        ) from None


async def object_of(request: web.Request) -> dict[str, Any]:
    """The JSON object that a request to the control API brings. Raises BadRequest for another."""
    try:
        said = orjson.loads(await body_of(request))
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"the body is not valid JSON: {error}") from None
    if not isinstance(said, dict):
        raise BadRequest("the body must be a JSON object")
    return said
