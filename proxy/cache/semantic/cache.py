"""The semantic cache as the stages see it: asks the embedder, then its own thread."""

import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from proxy.cache.answers import pack, unpack
from proxy.cache.eligible import worth_keeping
from proxy.cache.embed import Embedder
from proxy.cache.semantic import TABLE
from proxy.cache.semantic.agree import agree
from proxy.cache.semantic.learning import checks, wrong
from proxy.cache.semantic.looked import Looked
from proxy.cache.semantic.question import Question
from proxy.dialects.model import Answer, Text
from proxy.exchange import Candidate
from proxy.loading import NUMPY
from proxy.private_db import empty, set_aside

if TYPE_CHECKING:
    from proxy.cache.guard import Sense
    from proxy.cache.semantic.entries import Entries

log = logging.getLogger(__name__)

LEAST: Final = 0.60  # cosine below which no candidate is looked at
MOST: Final = 5  # candidates looked at
_COMPARED: Final = 1_000  # characters of an answer that are compared with another's
_PATIENT: Final = 30.0  # seconds that a comparison waits: nobody waits for it

_NOTHING: Final = "nothing like it was answered before"
_ABSENT: Final = {
    "off": "the embedder is not started",
    "warming": "the embedder is warming up",
    "down": "the embedder is down",
    "ready": "the embedder is busy",
}

T = TypeVar("T")


class SemanticCache:
    """Never fails a request: what goes wrong here is logged, and a miss."""

    def __init__(
        self,
        path: Path,
        embedder: Embedder,
        *,
        model: str = "",
        ttl: float,
        max_wrong: float,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.embedder = embedder
        self._path = path
        self._model = model
        self._ttl = ttl
        self._max_wrong = max_wrong
        self._clock = clock
        self.chance = chance
        self._entries: Entries | None = None
        self._thread = ThreadPoolExecutor(1, "semantic")

    def follow(self, ttl: float, max_wrong: float) -> None:
        """Heed an edited config from now on."""
        self._ttl, self._max_wrong = ttl, max_wrong
        if self._entries is not None:
            self._entries.ttl = ttl

    async def start(self) -> None:
        """Open the file; until then all are misses."""
        await self._on_thread(self._open)

    async def find(self, question: Question) -> Looked:
        """What was answered before to the same question, if that can be defended."""
        if self._entries is None or question.partition not in self._entries:
            return Looked("miss", _NOTHING)
        senses = await self.embedder.senses([question.text])
        if not senses:
            return Looked("miss", _ABSENT[self.embedder.state])
        found = await self._on_thread(lambda: self._find(question.partition, senses[0]))
        return found or Looked("miss", _NOTHING, sense=senses[0])

    async def settle(self, question: Question, looked: Looked, answer: Answer) -> None:
        """What came from upstream: keep it, or compare it with what would have been given."""
        if self._entries is None or not worth_keeping(answer):
            return
        if looked.state == "check" and looked.answer is not None:
            right = await self._compared(looked.answer, answer)
            if right is not None:
                await self.note(looked.entry, looked.similarity, right)
            if right:
                return  # one entry that has proved itself is worth two
        senses = [looked.sense] if looked.sense else await self._senses(question.text)
        if senses and _is_whole(senses[0]):
            kept = question.partition, senses[0], pack(answer)
            await self._do(lambda entries: entries.put(*kept))

    async def note(self, entry: int, similarity: float, right: bool) -> None:
        """Learn how a hit turned out."""
        await self._do(lambda entries: entries.note(entry, (similarity, right)))

    async def mark_wrong(self, entry: int, similarity: float) -> None:
        """A person said that this hit was wrong: it goes, and its entry has to prove itself."""
        await self.note(entry, similarity, False)
        await self._do(lambda entries: entries.evict(entry))

    async def drop(self, question: Question) -> None:
        """Forget the answer to this very question."""
        await self._do(lambda entries: entries.forget(question.partition, question.text))

    async def clear(self) -> int:
        """Forget everything, also in a file that was not opened; how many answers there were."""
        entries = self._entries
        if entries is None:
            return await self._on_thread(lambda: empty(self._path, TABLE)) or 0
        return await self._on_thread(entries.clear) or 0

    def close(self) -> None:
        """Close the file. Blocks for what is under way: call it off the loop."""
        if self._entries is not None:
            self._thread.submit(self._entries.close)
        self._thread.shutdown()

    async def _do(self, work: "Callable[[Entries], None]") -> None:
        entries = self._entries
        if entries is not None:
            await self._on_thread(lambda: work(entries))

    async def _on_thread(self, work: Callable[[], T]) -> T | None:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, work)
        except sqlite3.OperationalError as error:
            log.warning("%s can't be used now: %s", self._path, error)
        except sqlite3.DatabaseError as error:
            await loop.run_in_executor(self._thread, self._begin_anew, error)
        except Exception:
            log.exception("semantic cache")
        return None

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """The file broke while it was in use."""
        entries, self._entries = self._entries, None
        if entries is not None:
            entries.close()
            if set_aside(self._path, error, "the semantic cache is off"):
                self._open()

    def _open(self) -> None:
        with NUMPY:  # it takes 25 MB: on first use alone
            from proxy.cache.semantic.entries import Entries

        if self._entries is None:
            entries = Entries(self._path, self._model, self._ttl, self._clock)
            self._entries = entries if entries.usable else None

    def _find(self, partition: bytes, sense: "Sense") -> Looked | None:
        from proxy.cache.guard import compare

        if self._entries is None or not _is_whole(sense):
            return None
        seen: list[Candidate] = []
        for entry, similarity in self._entries.near(partition, sense, MOST):
            kept = self._entries.read(entry) if similarity >= LEAST else None
            if kept is None:
                continue
            verdict = compare(sense, kept[0])
            seen.append(Candidate(similarity, verdict.same, verdict.why))
            if verdict.same:
                looked = self._judged(entry, similarity, unpack(kept[1]))
                return replace(looked, candidates=tuple(seen), sense=sense)
        why = seen[0].why if seen else _NOTHING
        return Looked("miss", why, tuple(seen), sense=sense)

    def _judged(self, entry: int, similarity: float, answer: Answer) -> Looked:
        """A hit; a check where the entry is not trusted enough, or it is its turn."""
        assert self._entries is not None
        outcomes = self._entries.outcomes(entry)
        found = Looked("check", f"{similarity:.2f} alike", (), entry, similarity, answer)
        risk = wrong(outcomes, similarity)
        if risk >= self._max_wrong:
            return replace(found, why=f"{found.why}, but wrong with {risk:.1%}: sent to compare")
        if self.chance() < checks(risk, self._max_wrong, len(outcomes)):
            return replace(found, why=f"{found.why}: sent to compare")
        self._entries.used(entry)
        return replace(found, state="hit", why=f"{found.why} to a question answered before")

    async def _compared(self, kept: Answer, given: Answer) -> bool | None:
        """Whether two answers say the same; None where that can't be told."""
        texts = [_text(kept), _text(given)]
        if texts[0] == texts[1]:
            return True
        senses = await self._senses(*(text[:_COMPARED] for text in texts))
        return agree(*senses) if senses else None

    async def _senses(self, *texts: str) -> "list[Sense]":
        return await self.embedder.senses(texts, _PATIENT)


def _is_whole(sense: "Sense") -> bool:
    """Whether the model has read the whole text: it has a window, and leaves out what is beyond."""
    return bool(sense.spans) and sense.spans[-1][1] >= len(sense.text.rstrip())


def _text(answer: Answer) -> str:
    return "\n".join(block.text for block in answer.blocks if isinstance(block, Text)).strip()
