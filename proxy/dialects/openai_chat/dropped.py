"""What a Chat provider can't be told, in words: for a re-route, or for the person watching."""

from collections.abc import Iterator

from proxy.dialects.model import Request
from proxy.dialects.openai import dropped as shared
from proxy.dialects.openai_chat.request_in import NAME
from proxy.dialects.openai_chat.tools_out import callable_tools
from proxy.dialects.quirks import DEFAULT, Quirks


def dropped(request: Request, quirks: Quirks = DEFAULT) -> list[str]:
    """Everything `build` leaves out, replaces or refuses, once each, in the request's order."""
    found = [*shared.images(request, quirks)]
    if request.dialect != NAME:
        found += shared.tools(request, callable_tools(request))
        found += [*_fields(request, quirks), *shared.blocks(request)]
    return list(dict.fromkeys(found))


def _fields(request: Request, quirks: Quirks) -> Iterator[str]:
    for text in request.stop[quirks.stop_limit :]:
        yield f"stop sequence {text!r}: {quirks.stop_limit} are taken"
    if request.top_k is not None and not quirks.top_k:
        yield "top_k: Chat Completions has none"
