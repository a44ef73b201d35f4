"""Which cached answer an exchange was given, so that a person can say later that it was wrong."""

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from proxy.cache.semantic.question import Question
    from proxy.exchange import Exchange

MOST: Final = 2_000  # hits that are remembered


class Mark(NamedTuple):
    """Where the answer stands: under a key of the exact cache, and as the semantic one's answer to
    the question, if it may be there too; or in an entry of the semantic cache."""

    key: bytes
    question: "Question | None" = None
    entry: int = 0
    similarity: float = 0.0


class Marks:
    """The newest hits by their exchange."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, Mark] = OrderedDict()

    def note(self, exchange: "Exchange") -> None:
        """Remember a hit."""
        looked = exchange.looked
        if looked is not None and looked.state == "hit":
            self._given[exchange.id] = Mark(b"", None, looked.entry, looked.similarity)
        else:
            self._given[exchange.id] = Mark(exchange.cache_key, exchange.question)
        if len(self._given) > MOST:
            self._given.popitem(last=False)

    def take(self, id: str) -> Mark | None:
        """The hit of an exchange, once."""
        return self._given.pop(id, None)
