"""What a look into the semantic cache found."""

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from proxy.dialects.model import Answer
from proxy.exchange import Candidate

if TYPE_CHECKING:
    from proxy.cache.guard import Sense


class Looked(Struct, frozen=True):
    """A hit has the answer to give. A check has it too: the request goes upstream all the same, and
    the answers are compared. `why` in a few words."""

    state: Literal["hit", "check", "miss"]
    why: str
    candidates: tuple[Candidate, ...] = ()
    entry: int = 0  # whose answer it is
    similarity: float = 0.0
    answer: Answer | None = None
    sense: "Sense | None" = None  # of the question asked; None where there was no time for it
