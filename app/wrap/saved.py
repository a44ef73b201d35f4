"""What a client's exchanges saved: the figures that the ledger keeps of each, summed as they end.

They are heard from the proxy itself, for its ledger may be another's, and may hold what other
proxies write at the same time.
"""

import threading
import time
from http.client import HTTPConnection, HTTPException
from typing import Any, Final

import orjson
from msgspec import Struct, field

from app.figures import HITS
from app.text import dollars, whole
from app.wrap.proxy import Proxy
from proxy.routing.classes import REPLAY

END_SECONDS: Final = 3.0  # for what is still under way when the client has ended
LOOK_SECONDS: Final = 0.05
AGAIN_SECONDS: Final = 0.5  # before a stream that broke off is asked for again

Told = dict[str, Any]


class Sums(Struct):
    """Sums over ended exchanges. `measured` and `priced` count those whose usage was billed, and
    whose saving is known in money; tokens saved and before are estimates; `status` is the last
    failure's, 0 where it had none."""

    requests: int = 0
    failures: int = 0
    status: int = 0
    hits: int = 0
    saved: int = 0
    before: int = 0
    measured: int = 0
    billed: int = 0
    priced: int = 0
    cost: float = 0.0
    money: float = 0.0
    begun: dict[str, Told] = field(default_factory=dict)  # exchanges under way, by id

    def take(self, event: Told, client: str) -> None:
        """Add what `event` tells, if it is of this client; any client where it is empty."""
        id, name = event.get("id", ""), event.get("event")
        asked = event.get("request_class") != REPLAY  # else a person at the dashboard did
        if name == "Received" and asked and client in ("", event["client"]):
            self.begun[id] = {}
        if id not in self.begun:
            return
        self.begun[id] |= {key: event[key] for key in ("rewrite", "cache") if event.get(key)}
        if name in ("Completed", "Failed"):
            self._end(event, self.begun.pop(id))

    def _end(self, event: Told, known: Told) -> None:
        self.requests += 1
        if event["event"] == "Failed":
            self.failures += 1
            self.status = event.get("status") or 0
        self.hits += known.get("cache", {}).get("state") in HITS
        self.saved += known.get("rewrite", {}).get("saved") or 0
        self.before += sum(_numbers(event.get("before")))
        if event["usage"].get("input") is not None:
            self.measured += 1
            self.billed += sum(_numbers(event["usage"]))
        if event.get("cost") is not None and event.get("cost_asked") is not None:
            self.priced += 1
            self.cost += event["cost"]
            self.money += event["cost_asked"] - event["cost"]


def _numbers(said: Told | None) -> list[int]:
    return [value for value in (said or {}).values() if isinstance(value, int)]


class Ears:
    """Listens to a proxy's events in a thread of its own, from `listen` to `sums`."""

    def __init__(self, proxy: Proxy, client: str) -> None:
        self._proxy = proxy
        self._client = client
        self._sums = Sums()
        self._connected = threading.Event()
        self._last = time.monotonic()
        threading.Thread(target=self._run, name="ears", daemon=True).start()
        self._connected.wait(END_SECONDS)

    def sums(self) -> Sums:
        """All that ended; waits a while for what is under way, and for what is still on its way."""
        until = time.monotonic() + END_SECONDS
        while time.monotonic() < until:
            time.sleep(LOOK_SECONDS)  # noqa: TID251  # no loop runs here
            if not self._sums.begun and time.monotonic() - self._last > 4 * LOOK_SECONDS:
                break
        return self._sums

    def _run(self) -> None:
        while True:
            try:
                self._listen()
            except (OSError, HTTPException, ValueError):
                self._connected.set()  # nothing to wait for; it may be back later
            time.sleep(AGAIN_SECONDS)  # noqa: TID251  # a thread of its own

    def _listen(self) -> None:
        connection = HTTPConnection(self._proxy.host, self._proxy.port)
        try:
            connection.request("GET", "/lynkr/events")
            answer = connection.getresponse()
            while line := answer.readline():
                self._connected.set()
                if line.startswith(b"data:"):
                    self._last = time.monotonic()
                    self._sums.take(orjson.loads(line[5:]), self._client)
        finally:
            connection.close()


def told(name: str, sums: Sums) -> str:
    """One line: what was measured and what is estimated, apart."""
    if not sums.requests:
        return f"no exchange of {name} went through the proxy"
    parts = [f"{sums.requests} exchange{'s' * (sums.requests > 1)} of {name}", _money(sums)]
    if sums.before:
        parts.append(f"estimated: {whole(sums.saved)} of {whole(sums.before)} input tokens cut")
    if sums.hits:
        parts.append(f"{sums.hits} answered from the cache")
    if sums.failures:
        last = f", the last with {sums.status}" if sums.status else ""
        parts.append(f"{sums.failures} failed{last} (`lynkr-tui doctor` looks for the cause)")
    return "; ".join(parts)


def _money(sums: Sums) -> str:
    billed = f"measured: {whole(sums.billed)} tokens billed" if sums.measured else "nothing billed"
    if not sums.priced:
        return f"{billed}, money saved not known (no price for a model)"
    word = "saved" if sums.money >= 0 else "lost"
    some = f" over the {sums.priced} with known prices" if sums.priced < sums.requests else ""
    return f"{billed}, {dollars(sums.cost)} spent, {dollars(abs(sums.money))} {word} net{some}"
