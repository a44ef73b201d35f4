"""Ended exchanges that the ledger has not written yet, in a file that outlives a killed process."""

import logging
import os
import pickle
from base64 import b64decode, b64encode
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
from pydantic import TypeAdapter

from proxy import events as told
from proxy.events import Completed, Event, Failed

log = logging.getLogger(__name__)

MOST_OPEN = 10_000  # exchanges under way; older ones were lost sight of


class Pending:
    """One file a process beside the ledger, `NAME-PID.pending` (0600); empty most of the time.

    A line is an exchange. A write is one system call on the loop: the kernel keeps it whatever
    happens to the process.
    """

    def __init__(self, ledger: Path) -> None:
        self._path = ledger.with_name(f"{ledger.stem}-{os.getpid()}.pending")
        self._open: dict[str, list[Event]] = {}
        self._fd = -1
        self._told = False
        self.lock = Lock()  # held while an event is noted, and while the file is emptied

    def note(self, event: Event) -> None:
        """Take down `event`; with an exchange's last one, all of its events go to the file."""
        if not event.id:
            return
        events = self._open.setdefault(event.id, [])
        events.append(event)
        if isinstance(event, Completed | Failed):
            del self._open[event.id]
            self._write(events)
        elif len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]

    def clear(self) -> None:
        """The ledger has written all; call it with the lock held."""
        if self._fd >= 0:
            os.ftruncate(self._fd, 0)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            self._path.unlink(missing_ok=True)

    def _write(self, events: list[Event]) -> None:
        try:
            if self._fd < 0:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND
                self._fd = os.open(self._path, flags, 0o600)
            os.write(self._fd, _line(events))
        except OSError as error:
            if not self._told:
                log.warning("%s: %s; a kill may lose exchanges", self._path, error)
            self._told = True


def left_behind(ledger: Path) -> dict[Path, list[list[Event]]]:
    """What processes that are gone could not write: their files, and each exchange's events."""
    found = {}
    for path in ledger.parent.glob(f"{ledger.stem}-*.pending"):
        if not _lives(path.stem.rpartition("-")[2]):
            found[path] = _read(path)
    return found


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except OSError:
        return True
    return int(pid) != os.getpid()


def _read(path: Path) -> list[list[Event]]:
    """The whole records of a file; its last one may be torn."""
    records: list[list[Event]] = []
    try:
        for line in path.read_bytes().split(b"\n")[:-1]:
            records.append(_events(line))
    except Exception as error:
        log.warning("%s can't be read any further: %r", path, error)
    return records


def _line(events: list[Event]) -> bytes:
    """Each event after its name as JSON, which is quick to write; what JSON can't hold, numbers
    beyond 64 bits for one, is pickled."""
    named = [(type(event).__name__, event) for event in events]
    try:
        return orjson.dumps(named, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return b64encode(pickle.dumps(events)) + b"\n"


def _events(line: bytes) -> list[Event]:
    if line.startswith(b"["):
        return [_event(name, fields) for name, fields in orjson.loads(line)]
    pickled: list[Event] = pickle.loads(b64decode(line))
    return pickled


def _event(name: str, fields: dict[str, Any]) -> Event:
    event: Event = _kind(name).validate_python(fields)
    return event


@cache
def _kind(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(told, name))
