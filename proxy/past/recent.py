"""The texts of the newest exchanges, in memory alone: what a replay sends again and compares with.

Nothing is held unless a dashboard asks for it, only as long as one is there, and nothing of it is
ever written to a file.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct, field

from proxy.clients.outlet import Copy
from proxy.exchange import Exchange
from proxy.sending.headers import credential_of

MOST: Final = 64  # exchanges
REPLAYS: Final = 8  # replays, whatever their size: somebody is about to read their answers


class Texts(Struct):
    """One exchange as its client sent and got it, as far as it came; `headers` may hold the
    client's credential. An empty answer was not kept."""

    dialect: str
    request: bytes
    answer: bytearray = field(default_factory=bytearray)
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    query: str = ""

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.request) + len(self.answer)


class Recent:
    """The texts of the newest 64 exchanges, of `limit()` bytes in all; the oldest go first, and one
    that is larger than that is not held at all."""

    def __init__(self, limit: Callable[[], int], hands_on: Callable[[], bool]) -> None:
        self._limit = limit
        self._hands_on = hands_on  # whether a provider is given the client's own credential
        self._held: OrderedDict[str, Texts] = OrderedDict()
        self.size = 0  # bytes of all that is held
        self._replays: OrderedDict[str, Texts] = OrderedDict()
        self.wanted = 0  # how many are there who could ask for a replay

    def want(self) -> None:
        """Hold texts from now on, until as many `leave` as wanted them."""
        self.wanted += 1

    def leave(self) -> None:
        """One wants them no more; the last that leaves has all of them forgotten."""
        self.wanted -= 1
        if not self.wanted:
            self._held.clear()
            self._replays.clear()
            self.size = 0

    def follow(self, id: str, texts: Texts) -> None:
        """Hold the texts of a replay, whose answer is still to come."""
        self._replays[id] = texts
        if len(self._replays) > REPLAYS:
            self._replays.popitem(last=False)

    def hold(self, exchange: Exchange) -> Copy | None:
        """Hold an exchange's request; what comes back takes the bytes of its answer. None where
        nothing is to be held."""
        if not self.wanted or len(exchange.raw) > self._limit():
            return None
        id, texts = exchange.id, self._texts(exchange)
        self._held[id] = texts
        self._grow(texts.size)

        def copy(data: bytes) -> None:
            if id in self._held:
                texts.answer.extend(data)
                self._grow(len(data))

        return copy

    def find(self, id: str) -> Texts | None:
        """What is held of an exchange; None where nothing is."""
        return self._held.get(id) or self._replays.get(id)

    def _texts(self, exchange: Exchange) -> Texts:
        """Without a credential that no provider of the config would be given."""
        left_out = () if self._hands_on() else credential_of(exchange.headers)
        headers = {k: value for k, value in exchange.headers.items() if k not in left_out}
        return Texts(
            exchange.dialect,
            exchange.raw,
            headers=headers,
            path=exchange.path,
            query=exchange.query,
        )

    def _grow(self, size: int) -> None:
        self.size += size
        while self._held and (self.size > self._limit() or len(self._held) > MOST):
            _, gone = self._held.popitem(last=False)
            self.size -= gone.size
