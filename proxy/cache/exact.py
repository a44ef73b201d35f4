"""The exact cache: answers by a hash of everything that shaped them."""

import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import islice
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Any, Final

import orjson

from proxy.cache.answers import pack, unpack
from proxy.cache.eligible import worth_keeping
from proxy.cache.store import Row, Store
from proxy.dialects.model import Answer, Body, Request
from proxy.routing.sessions import BILLING_HEADER
from proxy.routing.table import Target

# How an answer travels and who asked: neither shapes it. The routed model stands in for `model`.
NOT_SHAPING: Final = frozenset({"stream", "stream_options", "metadata", "model"})

MAX_ENTRIES: Final = 10_000
MAX_BYTES: Final = 16_000_000
TTL: Final = 86_400.0  # seconds
SWEEP: Final = 3_600.0  # seconds between looks for what is too old
_ENTRY: Final = 200  # bytes that an entry takes beside its answer
_LEAVE: Final = 64  # of so many entries one leaves at once, where there are too many
_TIME: Final = Struct("<d")


def key_of(
    request: Request,
    target: Target | str,
    credential: str,
    session_scope: str = "",
    headers: Iterable[str] = (),
) -> bytes:
    """32 bytes for all that shapes the answer: the body (unknown fields too), model and credential.

    `session_scope` is a session's id where sessions share nothing, else "". `headers` are the
    values that the upstream heeds, such as the beta flags. Equal only for equal requests: no case
    is folded and no blank dropped. Empty where the body nests too deep to be written.
    """
    body = sorted((k, v) for k, v in request.body.items() if k not in NOT_SHAPING)
    scope = [request.dialect, str(target), _secret(credential), session_scope, list(headers)]
    try:
        return sha256(orjson.dumps([scope, [(k, _lasting(k, v)) for k, v in body]])).digest()
    except TypeError:
        return b""


def _secret(credential: str) -> str:
    return sha256(credential.encode("utf-8", "surrogatepass")).hexdigest()


def _lasting(key: str, value: Any) -> Any:
    """`value` without the block that a client makes anew for each request."""
    if key != "system" or not isinstance(value, list):
        return value
    return [block for block in value if not _is_billing(block)]


def _is_billing(block: Body) -> bool:
    text = block.get("text") if isinstance(block, dict) else None
    return isinstance(text, str) and text.startswith(BILLING_HEADER)


class ExactCache:
    """Answers in memory, least recently used out first, written behind to a file.

    Text stands here and nowhere else. `get` and `put` take microseconds and touch no file.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
        ttl: float = TTL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self.ttl = ttl
        self._clock = clock
        self._rows: dict[bytes, bytes] = {}  # when each was kept, and the answer
        self._bytes = 0
        self._swept = clock()
        self._cleared = False
        self._dropped: set[bytes] | None = set()  # before the file is loaded; None: it is
        self._lock = Lock()
        self._store = Store(path, self._load)

    def __len__(self) -> int:
        return len(self._rows)

    def start(self) -> None:
        """Load the file in the background; until it has, its answers are misses."""
        self._store.start()

    def close(self) -> None:
        """Write what is left. Blocks for three seconds at most: call it off the loop."""
        self._store.close()

    def get(self, key: bytes) -> Answer | None:
        """The answer kept under `key`, a fresh copy; None where there is none, or it is too old."""
        with self._lock:
            kept = self._rows.get(key)
            if kept is None:
                return None
            if self._is_old(_at(kept)):
                self._forget(key)
                return None
            self._rows[key] = self._rows.pop(key)
        return unpack(kept[_TIME.size :])

    def put(self, key: bytes, answer: Answer) -> bool:
        """Keep a whole answer of text; whether it was one. Its thinking is not kept."""
        if not key or not worth_keeping(answer):
            return False
        row = Row(key, self._clock(), pack(answer))
        if _ENTRY + len(row.body) > self._max_bytes:
            return False
        with self._lock:
            self._sweep(row.at)
            self._hold(row)
            self._store.put(row)
            self._shrink()
        return True

    def drop(self, key: bytes) -> None:
        """Forget one answer, in memory and in the file."""
        with self._lock:
            if self._dropped is not None:
                self._dropped.add(key)
            if key in self._rows:
                self._forget(key)

    def clear(self) -> int:
        """Forget every answer, in memory and in the file; how many there were."""
        with self._lock:
            count = len(self._rows)
            self._rows.clear()
            self._bytes = 0
            self._cleared = True
            self._store.clear()
            return count

    def _load(self, rows: Iterable[Row]) -> None:
        """Takes rows from the newest on, and puts them before what is there: this run's own
        outlast them."""
        found: list[Row] = []
        room = self._max_bytes
        for row in rows:
            if not self._fits(row) or len(found) == self._max_entries:
                self._store.drop(row.key)
                continue
            room -= _ENTRY + len(row.body)
            if room < 0:
                self._store.drop(row.key)
            else:
                found.append(row)
        with self._lock:
            dropped, self._dropped = self._dropped or set(), None
            if self._cleared:
                return
            own, self._rows, self._bytes = self._rows, {}, 0
            for row in reversed(found):
                if row.key not in dropped:
                    self._hold(row)
            for key, kept in own.items():
                self._hold(Row(key, _at(kept), kept[_TIME.size :]))
            self._shrink()

    def _fits(self, row: Row) -> bool:
        """Whether it can still be answered with."""
        return not self._is_old(row.at) and _is_answer(row.body)

    def _is_old(self, at: float) -> bool:
        return self._clock() - at > self.ttl

    def _sweep(self, now: float) -> None:
        """What is too old leaves the file, too; looked for once an hour."""
        if now - self._swept >= SWEEP:
            self._swept = now
            for key in [key for key, kept in self._rows.items() if self._is_old(_at(kept))]:
                self._forget(key)

    def _hold(self, row: Row) -> None:
        if earlier := self._rows.pop(row.key, None):
            self._bytes -= _size(earlier)
        kept = self._rows[row.key] = _TIME.pack(row.at) + row.body
        self._bytes += _size(kept)

    def _forget(self, key: bytes) -> None:
        self._bytes -= _size(self._rows.pop(key))
        self._store.drop(key)

    def _shrink(self) -> None:
        """Several go at once: to look for the first of a dict takes long where its first ones
        went."""
        while len(self._rows) > self._max_entries or self._bytes > self._max_bytes:
            for key in list(islice(self._rows, len(self._rows) // _LEAVE or 1)):
                self._forget(key)


def _at(kept: bytes) -> float:
    at: float = _TIME.unpack_from(kept)[0]
    return at


def _size(kept: bytes) -> int:
    return _ENTRY + len(kept)


def _is_answer(body: bytes) -> bool:
    try:
        return worth_keeping(unpack(body))
    except (ValueError, KeyError, TypeError):
        return False
