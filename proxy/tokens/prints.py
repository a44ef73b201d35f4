"""One number for each message, by which what was worked out for one before is found again."""

from proxy.dialects.model import Message, Request
from proxy.tokens.sections import of_blocks


def print_of(message: Message) -> int:
    """Equal, in this process alone, where role and texts are."""
    return hash((message.role, *of_blocks(message.blocks)))


def prints_of(asked: Request, sent: Request) -> tuple[list[int], list[int]]:
    """Of each message: as it came, and as it was sent. Worked out once a request."""
    return _known(asked, asked), _known(sent, asked)


def _known(request: Request, asked: Request) -> list[int]:
    known = request.known_prints
    if known is None or known[0] is not request.messages:
        known = request.known_prints = request.messages, _fresh(request, asked)
    return known[1]


def _fresh(request: Request, asked: Request) -> list[int]:
    """Most of what is sent are the very messages that came."""
    if asked is request or asked.known_prints is None:
        return list(map(print_of, request.messages))
    came = asked.known_prints[1]
    same = len(came)
    return [
        came[at] if at < same and message is asked.messages[at] else print_of(message)
        for at, message in enumerate(request.messages)
    ]
