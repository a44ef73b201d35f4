"""The semantic cache's entries: an SQLite file with questions, vectors and answers, and its index.

Everything here is called on one thread, which is not the loop's.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
from msgspec import Struct, field

from proxy.cache.guard import Sense
from proxy.cache.semantic.index import Index, Vector
from proxy.cache.semantic.learning import Outcome
from proxy.private_db import emptied, open_private

MOST: Final = 20_000  # entries
MOST_BYTES: Final = 300_000_000  # of texts, vectors and answers
SWEEP: Final = 3_600.0  # seconds
MOST_OUTCOMES: Final = 50  # of an entry that are remembered
VERSION: Final = 1

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, partition BLOB NOT NULL,"
    " model TEXT NOT NULL, at REAL NOT NULL, used REAL NOT NULL, size INTEGER NOT NULL,"
    " text TEXT NOT NULL, vector BLOB NOT NULL, spans BLOB NOT NULL, tokens BLOB NOT NULL,"
    " answer BLOB, outcomes BLOB NOT NULL, UNIQUE (partition, model, text))"
)
_ALL: Final = "SELECT id, partition, at, size, vector, outcomes FROM entries WHERE model = ?"
_ONE: Final = "SELECT text, vector, spans, tokens, answer FROM entries WHERE id = ?"
_PUT: Final = (
    "INSERT INTO entries VALUES (NULL, :partition, :model, :at, :at, :size, :text, :vector, :spans,"
    " :tokens, :answer, '[]') ON CONFLICT DO UPDATE SET at = :at, used = :at, size = :size,"
    " answer = :answer RETURNING id"
)
_FORGET: Final = "UPDATE entries SET answer = NULL WHERE partition = ? AND text = ?"
_STALE: Final = "SELECT id FROM entries ORDER BY used LIMIT ?"


class Known(Struct):
    """What is kept of an entry in memory; its texts stand in the file alone."""

    partition: bytes
    at: float
    size: int
    outcomes: list[Outcome] = field(default_factory=list)


class Entries:
    """Entries of one embedding `model`; those of another are left alone until they are too old."""

    def __init__(
        self, path: Path, model: str, ttl: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._model = model
        self.ttl = ttl
        self._clock = clock
        self._known: dict[int, Known] = {}
        self._indexes: dict[bytes, Index] = {}
        self._bytes = 0
        self._swept = clock()
        self._path = path
        self._db = open_private(path, self._prepare, "the semantic cache is off")
        self._shrink()

    @property
    def usable(self) -> bool:
        return self._db is not None

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, partition: bytes) -> bool:
        return partition in self._indexes

    def near(self, partition: bytes, sense: Sense, most: int) -> list[tuple[int, float]]:
        """The entries of a partition nearest to a question, with their cosine."""
        index = self._indexes.get(partition)
        return index.near(sense.vector, most) if index else []

    def read(self, id: int) -> tuple[Sense, bytes] | None:
        """An entry's question and its answer's bytes; None where it is too old, or has none."""
        if self._db is None or self._clock() - self._known[id].at > self.ttl:
            return None
        row = self._db.execute(_ONE, (id,)).fetchone()
        if row is None or row[4] is None:
            return None
        vector, spans = np.frombuffer(row[1], np.float32), orjson.loads(row[2])
        tokens = np.frombuffer(row[3], np.float16).reshape(len(spans), -1)
        return Sense(row[0], vector, tuple((a, b) for a, b in spans), tokens), row[4]

    def outcomes(self, id: int) -> list[Outcome]:
        return self._known[id].outcomes

    def used(self, id: int) -> None:
        """An entry that was used goes last when room is needed."""
        self._write("UPDATE entries SET used = ? WHERE id = ?", self._clock(), id)

    def put(self, partition: bytes, sense: Sense, answer: bytes) -> None:
        """Keep an answer; one to the very same question takes its place, and keeps its outcomes."""
        row: dict[str, Any] = {
            "partition": partition,
            "model": self._model,
            "at": self._clock(),
            "text": sense.text,
            "vector": sense.vector.tobytes(),
            "spans": orjson.dumps(sense.spans),
            "tokens": sense.tokens.tobytes(),
            "answer": answer,
        }
        row["size"] = sum(len(value) for value in row.values() if isinstance(value, bytes | str))
        if self._db is None:
            return
        self._sweep()
        (id,) = self._db.execute(_PUT, row).fetchone()
        if id in self._known:
            known = self._known[id]
            self._bytes += row["size"] - known.size
            known.at, known.size = row["at"], row["size"]
        else:
            self._hold(id, Known(partition, row["at"], row["size"]), sense.vector)
        self._shrink()

    def note(self, id: int, outcome: Outcome) -> None:
        """Remember how a hit of this entry turned out."""
        if id in self._known:
            seen = self._known[id].outcomes
            seen.append(outcome)
            del seen[:-MOST_OUTCOMES]
            self._write("UPDATE entries SET outcomes = ? WHERE id = ?", orjson.dumps(seen), id)

    def evict(self, id: int) -> None:
        """Forget an entry's answer; what was learned of its question stays."""
        self._write("UPDATE entries SET answer = NULL WHERE id = ?", id)

    def forget(self, partition: bytes, text: str) -> None:
        """Forget the answer to one question."""
        self._write(_FORGET, partition, text)

    def clear(self) -> int:
        """Forget all, in memory and in the file, of every model; how many of this one."""
        count = len(self._known)
        self._known, self._indexes, self._bytes = {}, {}, 0
        self._write("DELETE FROM entries")
        emptied(self._path, self._db)
        return count

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _prepare(self, db: sqlite3.Connection) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError(f"it has version {version}, this build writes {VERSION}")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("DELETE FROM entries WHERE at < ?", (self._clock() - self.ttl,))
        try:
            self._load(db)
        except (ValueError, TypeError) as error:
            raise sqlite3.DatabaseError(f"it has rows that make no sense: {error}") from None

    def _load(self, db: sqlite3.Connection) -> None:
        self._known, self._indexes, self._bytes = {}, {}, 0
        for id, partition, kept, size, vector, outcomes in db.execute(_ALL, (self._model,)):
            seen = [
                (float(similarity), bool(right)) for similarity, right in orjson.loads(outcomes)
            ]
            self._hold(id, Known(partition, kept, size, seen), np.frombuffer(vector, np.float32))

    def _hold(self, id: int, known: Known, vector: Vector) -> None:
        self._known[id] = known
        self._bytes += known.size
        index = self._indexes.get(known.partition)
        if index is None:
            index = self._indexes[known.partition] = Index(vector.size)
        index.add(id, vector)

    def _sweep(self) -> None:
        """What is too old leaves the file, too; looked for once an hour."""
        now = self._clock()
        if now - self._swept < SWEEP:
            return
        self._swept = now
        for id in [id for id, known in self._known.items() if now - known.at > self.ttl]:
            self._drop(id)

    def _shrink(self) -> None:
        """A twentieth goes at a time, the least recently used: sorting them takes a while."""
        while self._db and (len(self._known) > MOST or self._bytes > MOST_BYTES):
            rows = self._db.execute(_STALE, (max(1, len(self._known) // 20),)).fetchall()
            for (id,) in rows:
                self._drop(id)
            if not rows:
                break

    def _drop(self, id: int) -> None:
        self._write("DELETE FROM entries WHERE id = ?", id)
        known = self._known.pop(id, None)
        if known is not None:
            self._bytes -= known.size
            index = self._indexes[known.partition]
            index.drop(id)
            if not len(index):
                del self._indexes[known.partition]

    def _write(self, sql: str, *values: object) -> None:
        if self._db is not None:
            with suppress(sqlite3.OperationalError):  # locked or full: lost on the next start alone
                self._db.execute(sql, values)
