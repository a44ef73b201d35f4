"""A row of the feed: what only its details tell is packed, once its exchange has ended."""

import marshal
import zlib
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from msgspec import StructMeta

from classifier.score import Part
from proxy.exchange import Candidate, ResultRewrite, Rewrite
from proxy.record import Record

_FAST: Final = 1  # of zlib's levels
_TELLING: Final = 500  # bytes: details that are worth pointing back to
_like: list[bytes] = []  # the first such details: the others say much the same


class Row(Record, eq=False):
    """A record that can be packed to a fifth of its size, and reads as it did before.

    Its features, which no screen shows, are let go.
    """

    _packed: bytes = b""

    @property
    def is_packed(self) -> bool:
        return self._packed != b""

    def pack(self) -> None:
        """Keep the details as bytes from now on; nothing may change any more. Takes 50 µs."""
        if self.is_packed:
            return
        self._packed = _squeezed(marshal.dumps(_flat(self)))
        for name in _THAWED:
            delattr(self, name)
        self.features = None
        self.after = self.before if self.after == self.before else self.after
        for name in _SHARED:
            setattr(self, name, _shared(str(getattr(self, name))))

    def __getattr__(self, name: str) -> Any:
        """What is in no slot: asked for where it was packed."""
        if name not in _THAWED:
            raise AttributeError(name)
        return _thawed(self._packed)[_THAWED.index(name)]


_THAWED: Final = ("parts", "steps", "moments", "rewrite", "cache_candidates")
_SHARED: Final = ("session", "client", "dialect", "asked_model", "cache_why", "error")


@lru_cache(512)
def _shared(text: str) -> str:
    """One of all that are equal, where they come again soon."""
    return text


def _values(kind: StructMeta) -> Any:
    """Takes an instance apart into what `kind` is called with to make it."""
    return attrgetter(*kind.__struct_fields__)


_of_part, _of_result, _of_candidate = map(_values, (Part, ResultRewrite, Candidate))


def _squeezed(details: bytes) -> bytes:
    """A copy of its own size: zlib cuts what it gives from a block of 16 KB, and leaves a hole."""
    if not _like and len(details) > _TELLING:
        _like.append(details)
    packer = zlib.compressobj(_FAST, zdict=_like[0]) if _like else zlib.compressobj(_FAST)
    return bytes(memoryview(packer.compress(details) + packer.flush()))


def _opened(packed: bytes) -> bytes:
    return zlib.decompressobj(zdict=_like[0] if _like else b"").decompress(packed)


def _flat(row: Record) -> tuple[Any, ...]:
    """Plain values alone, in the order of _THAWED."""
    its = row.rewrite
    results = tuple(map(_of_result, its.results))
    return (
        tuple(map(_of_part, row.parts)),
        row.steps,
        row.moments,
        (its.kept, its.stripped, results, its.saved),
        tuple(map(_of_candidate, row.cache_candidates)),
    )


@lru_cache(8)
def _thawed(packed: bytes) -> tuple[Any, ...]:
    parts, steps, moments, (kept, stripped, results, saved), candidates = marshal.loads(
        _opened(packed)
    )
    rewrite = Rewrite(kept, stripped, _made(ResultRewrite, results), saved)
    return _made(Part, parts), steps, moments, rewrite, _made(Candidate, candidates)


def _made(kind: type, told: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(kind(*values) for values in told)
