"""Gemini's thought signatures, carried inside call ids: clients hand ids back and drop the rest."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import orjson

from proxy.dialects.model import Body, Json

_MARK = "-ts-"  # what an id holds between its own part and what Gemini signed


def signed_id(call_id: str, extra_content: Json) -> str:
    """`call_id`, followed by what Gemini wants back with this call, if anything."""
    if not isinstance(extra_content, dict) or not extra_content:
        return call_id
    packed = urlsafe_b64encode(orjson.dumps(extra_content)).decode().rstrip("=")
    return f"{call_id}{_MARK}{packed}"


def split_id(call_id: str) -> tuple[str, Body | None]:
    """The id alone and what was signed; any other id comes back as it is."""
    own, mark, packed = call_id.partition(_MARK)
    if not mark:
        return call_id, None
    try:
        extra = orjson.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except ValueError:
        return call_id, None
    return (own, extra) if isinstance(extra, dict) else (call_id, None)
