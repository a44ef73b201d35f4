"""The guard: a call that would break the client is mended, or asked again one tier up."""

from dataclasses import replace

from classifier.tiers import Tier
from proxy.able import able
from proxy.dialects.model import Answer, Block, Request, ToolCall, ToolResult
from proxy.events import Escalated, Repaired
from proxy.exchange import Decision, Exchange
from proxy.hops import Again, Amend
from proxy.house import House
from proxy.quality.check import Fault, Offer, faults_of, says_nothing
from proxy.quality.mend import mended

CHOSEN = ("override", "header")  # reasons by which a person chose the tier


class Guard:
    """An inspector of one exchange's answers."""

    def __init__(self, house: House, exchange: Exchange, request: Request) -> None:
        self._house = house
        self._exchange = exchange
        self._request = request  # as the client sent it
        self._offer = Offer.of(request)

    def watches(self, request: Request) -> bool:
        functions = any(tool.kind == "function" for tool in request.tools)
        return functions or says_nothing_could(request)

    def inspect(self, answer: Answer, asked: Request, last: bool) -> Amend | Again | None:
        """The faulty calls mended, if all can be; else again one tier up, if there is one."""
        faults = list(faults_of(answer, self._offer))
        if says_nothing(answer, self._request.messages):
            faults.append(Fault("nothing was said to a tool's result"))
        if not faults:
            return None
        amend = self._mended(answer, faults)
        if amend is not None and len(amend.events) == len(faults):
            return amend
        why = next(fault.why for fault in faults if fault.call is None or not _mends(fault, self))
        again = None if last else self._again(why)
        return again or amend or self._noted(answer, why)

    def mend(self, call: ToolCall) -> tuple[ToolCall, str] | None:
        return mended(call, self._offer.tools)

    def _mended(self, answer: Answer, faults: list[Fault]) -> Amend | None:
        """The answer with those of its faulty calls mended that can be."""
        notes, blocks = [], list[Block]()
        faulty = [id(fault.call) for fault in faults]
        for block in answer.blocks:
            found = (
                self.mend(block) if isinstance(block, ToolCall) and id(block) in faulty else None
            )
            blocks.append(found[0] if found else block)
            notes += [found[1]] if found else []
        if not notes:
            return None
        return Amend(
            replace(answer, blocks=blocks),
            tuple(Repaired(id="", at=0, why=note) for note in notes),
            tuple(f"mended a call: {note}" for note in notes),
        )

    def _again(self, why: str) -> Again | None:
        """The client's own request, of the next tier up that is another model and can take it."""
        decided, table = self._exchange.decision, self._house.routing.table
        assert decided is not None
        if decided.reason in CHOSEN:
            return None
        for tier in Tier:
            target = table.tiers[tier]
            if tier <= decided.tier or target == decided.target:
                continue
            if able(self._exchange, self._request, (target,), self._house):
                step = f"{decided.target} {why}: asked again of {tier.name}, {target}"
                up = Decision(tier, "escalated", target, (*decided.steps, step))
                told = Escalated(id="", at=0, tier=tier, target=target, reason=why)
                return Again(self._request, up, (told,))
        return None

    def _noted(self, answer: Answer, why: str) -> Amend | None:
        """Nothing can be done: the answer goes as it came, and the decision says so."""
        decided = self._exchange.decision
        assert decided is not None
        step = f"{decided.target} {why}: passed as it came, no other model is to be asked"
        self._exchange.decision = replace(decided, steps=(*decided.steps, step))
        return None


def says_nothing_could(request: Request) -> bool:
    """Whether an empty answer would be one to a tool's result."""
    last = request.messages[-1].blocks if request.messages else ()
    return any(isinstance(block, ToolResult) for block in last)


def _mends(fault: Fault, guard: Guard) -> bool:
    return fault.call is not None and guard.mend(fault.call) is not None
