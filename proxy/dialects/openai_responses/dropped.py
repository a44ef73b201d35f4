"""What a Responses provider can't be told, in words: for a re-route, or for the person watching."""

from collections.abc import Iterator

from proxy.dialects.documents import pdf_of
from proxy.dialects.model import Request
from proxy.dialects.openai import dropped as shared
from proxy.dialects.openai_responses.request_in import NAME
from proxy.dialects.openai_responses.tools_out import sendable
from proxy.dialects.quirks import DEFAULT, Quirks


def dropped(request: Request, quirks: Quirks = DEFAULT) -> list[str]:
    """Everything `build` leaves out, replaces or refuses, once each, in the request's order."""
    found = [*shared.images(request, quirks)]
    if request.dialect != NAME:
        found += shared.tools(request, sendable(request))
        found += [
            *_fields(request),
            *shared.blocks(request, lambda block: pdf_of(block.raw) is not None),
        ]
    return list(dict.fromkeys(found))


def _fields(request: Request) -> Iterator[str]:
    for text in request.stop:
        yield f"stop sequence {text!r}: Responses takes none"
    if request.top_k is not None:
        yield "top_k: Responses has none"
