"""Tool names and call ids in the shape a provider accepts, the same for the same input."""

import re
from collections.abc import Iterable
from hashlib import blake2b

from proxy.dialects.model import Request, ToolCall

NAME = re.compile(r"[A-Za-z0-9_-]+")
_ODD = re.compile(r"[^A-Za-z0-9_-]")
_DIGEST = 10  # hex characters: no two of a client's tools will share them

# shape → what passes as it is, and how long a made one is
ID_SHAPES: dict[str, tuple[re.Pattern[str], int]] = {
    "openai": (re.compile(r"[A-Za-z0-9_.:-]{1,40}"), 29),
    "anthropic": (re.compile(r"[A-Za-z0-9_-]{1,64}"), 29),
    "mistral": (re.compile(r"[A-Za-z0-9]{9}"), 9),
}


def digest(text: str, length: int = _DIGEST) -> str:
    """`length` hex characters that stand for `text`."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()[:length]


def wire_name(name: str, limit: int = 64) -> str:
    """`name` if a provider takes it, else its readable start and a digest, within `limit`."""
    if len(name) <= limit and NAME.fullmatch(name):
        return name
    return f"{_ODD.sub('_', name)[: limit - _DIGEST - 1]}_{digest(name)}"


def restore_names(request: Request | None, limit: int = 64) -> dict[str, str]:
    """Names on the wire → names as the client offered them, where the two differ."""
    names = [tool.name for tool in request.tools] if request else []
    return {wire_name(name, limit): name for name in names if wire_name(name, limit) != name}


def wire_id(call_id: str, shape: str = "openai") -> str:
    """`call_id` if it has the provider's shape, else a digest that has."""
    accepted, length = ID_SHAPES[shape]
    if accepted.fullmatch(call_id):
        return call_id
    return digest(call_id, length) if length < 16 else "call_" + digest(call_id, length - 5)


def used_ids(request: Request | None) -> set[str]:
    """Ids of the calls that the conversation holds already."""
    messages = request.messages if request else []
    return {b.id for m in messages for b in m.blocks if isinstance(b, ToolCall)}


def fresh_id(wanted: str, seed: str, taken: Iterable[str]) -> str:
    """`wanted` where no earlier call has it, else an id made from `seed` that none has."""
    taken, number = set(taken), 0
    candidate = wanted
    while not candidate or candidate in taken:
        candidate = "call_" + digest(f"{seed}\0{wanted}\0{number}", 24)
        number += 1
    return candidate
