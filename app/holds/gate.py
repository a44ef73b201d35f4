"""The dashboard's hold on requests that cost much: whether they wait, and who may go."""

from collections.abc import Mapping

from app.holds.holds import GateHold
from app.text import dollars
from proxy.house import House


class Gate:
    """What `h` switches, and what is said to each that waits."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def above(self) -> float | None:
        """Dollars from which a request waits; None where the config sets no price."""
        return self._house.config.approval.dollars

    @property
    def on(self) -> bool:
        return self._house.approvals.on

    @property
    def waiting(self) -> tuple[str, ...]:
        """The ids of the exchanges that wait, the oldest first."""
        return self._house.approvals.waiting

    def toggle(self) -> bool:
        """Ask before a dear request goes, or let all go; which now."""
        self._house.approvals.switch(not self.on)
        return self.on

    def decide(self, exchange: str, go: bool) -> bool:
        """Let one go, or refuse it; False where it does not wait."""
        return self._house.approvals.decide(exchange, go)


def told(gate: GateHold, keys: Mapping[str, str]) -> str:
    """How a gate stands, for a person whose `keys` are these by action; empty while it is off."""
    if gate.waiting:
        ways = (("let-go", "lets go"), ("refuse", "refuses"))
        said = ", ".join(f"{keys[id]} {does}" for id, does in ways if id in keys)
        return f"{len(gate.waiting):,} wait" + (f": {said}" if said else "")
    return f"asks from {dollars(gate.above)}" if gate.on and gate.above else ""
