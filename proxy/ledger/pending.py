"""Ended exchanges that the ledger has not written yet, in a file that outlives a killed process."""

import logging
import os
import pickle
from base64 import b64decode, b64encode
from functools import cache
from pathlib import Path

from msgspec.json import Decoder, Encoder

from proxy.record import Record

log = logging.getLogger(__name__)
_WRITER = Encoder()


class Pending:
    """A file of this process beside the ledger, `NAME-TURN-PID.pending` (0600).

    A line is an exchange. A write is one system call on the loop: the kernel keeps it whatever
    happens to the process.
    """

    def __init__(self, ledger: Path, turn: str) -> None:
        self._path = ledger.with_name(f"{ledger.stem}-{turn}-{os.getpid()}.pending")
        self._fd = -1
        self._told = False
        self.empty = True

    def note(self, row: Record) -> None:
        """Take down an exchange that ended."""
        try:
            if self._fd < 0:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND
                self._fd = os.open(self._path, flags, 0o600)
            self.empty = False
            os.write(self._fd, _line(row))
        except OSError as error:
            if not self._told:
                log.warning("%s: %s; a kill may lose exchanges", self._path, error)
            self._told = True

    def clear(self) -> None:
        """All that was noted stands in the ledger."""
        if not self.empty:
            os.ftruncate(self._fd, 0)
            self.empty = True

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            self._path.unlink(missing_ok=True)


def left_behind(ledger: Path) -> dict[Path, list[Record]]:
    """What processes that are gone could not write, by their files."""
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


def _read(path: Path) -> list[Record]:
    """The whole records of a file; its last one may be torn."""
    records: list[Record] = []
    try:
        for line in path.read_bytes().split(b"\n")[:-1]:
            records.append(_row(line))
    except Exception as error:
        log.warning("%s can't be read any further: %r", path, error)
    return records


def _line(row: Record) -> bytes:
    """As JSON, which is quick to write; what JSON can't hold, numbers beyond 64 bits for one, is
    pickled."""
    try:
        return _WRITER.encode(row) + b"\n"
    except (TypeError, ValueError, OverflowError):
        return b64encode(pickle.dumps(row)) + b"\n"


def _row(line: bytes) -> Record:
    if line.startswith(b"{"):
        return _reader().decode(line)
    pickled: Record = pickle.loads(b64decode(line))
    return pickled


@cache
def _reader() -> Decoder[Record]:
    return Decoder(Record)
