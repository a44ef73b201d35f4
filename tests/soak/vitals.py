"""What a running proxy takes up: memory, descriptors, threads, tasks; and how that grows."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import linear_regression

import aiohttp
import orjson

_RESIDENT = re.compile(r"VmRSS:\s+(\d+) kB")
_SWITCH = re.compile(r"Threads:\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Vitals:
    """At `answered` exchanges: resident megabytes, open descriptors, threads, tasks on the loop,
    and exchanges under way."""

    answered: int
    memory: float
    descriptors: int
    threads: int
    tasks: int
    under_way: int

    def line(self) -> str:
        return "  ".join(f"{name} {value:,.4g}" for name, value in asdict(self).items())


async def vitals(pid: int, url: str, answered: int) -> Vitals:
    """Those of the proxy with this process and address, now."""
    status = Path(f"/proc/{pid}/status").read_text()
    resident, threads = _RESIDENT.search(status), _SWITCH.search(status)
    assert resident and threads
    async with aiohttp.ClientSession() as session, session.get(f"{url}/lynkr/health") as answer:
        said = orjson.loads(await answer.read())
        open_now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    memory = int(resident[1]) / 1024
    return Vitals(answered, memory, open_now, int(threads[1]), said["tasks"], said["in_flight"])


def slope(rows: list[Vitals]) -> float:
    """Bytes of memory a further exchange takes, over the second half of the run."""
    half = rows[len(rows) // 2 :]
    found = linear_regression([row.answered for row in half], [row.memory for row in half])
    return found.slope * 2**20
