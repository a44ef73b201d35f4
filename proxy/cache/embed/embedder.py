"""The proxy's side of the embedder: starts its process, asks it in batches, starts it again."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import orjson

from proxy.cache.embed.frames import LENGTH, MOST, texts_frame
from proxy.loading import NUMPY

if TYPE_CHECKING:
    from proxy.cache.guard import Sense

log = logging.getLogger(__name__)

BATCH: Final = 32  # texts asked at once
PATIENCE: Final = 0.5  # seconds that a request waits for its vector; then it is a miss
_WARM_UP: Final = 120.0  # seconds that the model may take to load
STUCK: Final = 10.0  # seconds for a batch, after which the process is ended
_LASTED: Final = 60.0  # seconds after which an end is no sign of one that can't start
_WAITS: Final = (1.0, 5.0, 30.0, 120.0)  # seconds before each new start; then no more

Asked = tuple[str, "asyncio.Future[Sense]"]


class Embedder:
    """Vectors of texts from a process of their own. `state` is off, warming, ready or down.

    It never fails a request: where the process is absent, slow or dead, there is no vector.
    """

    def __init__(self, model: str = "", command: Sequence[str] = (), stuck: float = STUCK) -> None:
        self.state = "off"
        self._stuck = stuck
        self._command = command or worker(model)
        self._waiting: list[Asked] = []
        self._under_way: list[Asked] = []
        self._process: asyncio.subprocess.Process | None = None
        self._sent = 0.0  # when what is under way was sent, on the monotonic clock

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process else None

    async def run(self) -> None:
        """Keep the process up, until cancelled."""
        failed = 0
        while failed <= len(_WAITS):
            began = time.monotonic()
            self.state = "warming"
            why = await self._live()
            self.state = "down"
            self._drop()
            failed = 1 if time.monotonic() - began > _LASTED else failed + 1
            if failed <= len(_WAITS):
                wait = _WAITS[failed - 1]
                log.warning("embedder: %s; it is started again in %g s", why, wait)
                await asyncio.sleep(wait)
        log.error("embedder: %s; the semantic cache rests until the next start", why)

    async def senses(self, texts: Sequence[str], patience: float = PATIENCE) -> "list[Sense]":
        """A vector for each of `texts`; none at all where they can't be had in time."""
        if self.state != "ready":
            return []
        loop = asyncio.get_running_loop()
        asked: list[Asked] = [(text, loop.create_future()) for text in texts]
        self._waiting += asked
        self._ask()
        _, late = await asyncio.wait([future for _, future in asked], timeout=patience)
        if late:
            self._forget(asked)
            return []
        good = [f for _, f in asked if not f.cancelled() and f.exception() is None]
        return [future.result() for future in good] if len(good) == len(asked) else []

    def _forget(self, asked: list[Asked]) -> None:
        self._waiting = [one for one in self._waiting if one not in asked]
        for _, future in asked:
            future.cancel()
        under_way = time.monotonic() - self._sent if self._under_way else 0.0
        if under_way > self._stuck and self._process is not None:
            self._process.kill()  # its end is seen, and another is started

    def _drop(self) -> None:
        """Whoever waits has a miss."""
        for _, future in (*self._under_way, *self._waiting):
            future.cancel()
        self._under_way, self._waiting = [], []

    def _ask(self) -> None:
        """Send the next batch, unless one is under way."""
        if self._under_way or not self._waiting or self._process is None:
            return
        assert self._process.stdin is not None
        self._under_way, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        self._sent = time.monotonic()
        self._process.stdin.write(texts_frame([text for text, _ in self._under_way]))

    async def _live(self) -> str:
        """One life of the process; what ended it."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment(),
                limit=MOST,
            )
        except OSError as error:
            return f"it can't be started: {error}"
        try:
            await self._answer(process)
        except asyncio.IncompleteReadError:
            return f"its process ended ({await process.wait()})"
        except (TimeoutError, OSError, ValueError, KeyError) as error:
            return f"its process does not answer: {error!r}"
        finally:
            self._process = None
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _answer(self, process: asyncio.subprocess.Process) -> NoReturn:
        """Hand each batch's vectors to those that wait for them, as they come."""
        await asyncio.wait_for(_reply(process), _WARM_UP)
        self._process, self.state = process, "ready"
        log.info("embedder: ready")
        while True:
            head, numbers = await _reply(process)
            senses = _senses(self._under_way, head, numbers)
            for (_, future), sense in zip(self._under_way, senses, strict=True):
                if not future.done():
                    future.set_result(sense)
            self._under_way = []
            self._ask()


async def _reply(process: asyncio.subprocess.Process) -> tuple[dict[str, object], bytes]:
    head = orjson.loads(await _frame(process))
    return head, await _frame(process)


async def _frame(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    if length > MOST:
        raise ValueError(f"a frame of {length} bytes")
    return await process.stdout.readexactly(length)


def _senses(asked: Sequence[Asked], head: dict[str, object], numbers: bytes) -> "list[Sense]":
    """Cuts the numbers as the head tells: per text its vector in floats, its tokens in halves."""
    with NUMPY:  # only where the semantic cache is on: it takes 25 MB
        import numpy as np

        from proxy.cache.guard import Sense

    width, place, senses = int(str(head["width"])), 0, []
    spans: list[list[list[int]]] = head["spans"]  # type: ignore[assignment]
    for (text, _), of_text in zip(asked, spans, strict=True):
        whole = np.frombuffer(numbers, np.float32, width, place)
        place += 4 * width
        tokens = np.frombuffer(numbers, np.float16, width * len(of_text), place)
        place += 2 * width * len(of_text)
        stands = tuple((start, end) for start, end in of_text)
        senses.append(Sense(text, whole, stands, tokens.reshape(len(of_text), width)))
    return senses


def worker(model: str = "") -> list[str]:
    """The command of the process; `model` is a folder, or empty for the one that is shipped."""
    return [sys.executable, "-m", "proxy.cache.embed.worker", model]


def environment() -> dict[str, str]:
    """Offline, quiet, and with this checkout or wheel on the path."""
    here = str(Path(__file__).parents[3])
    return os.environ | {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", "")))),
    }
