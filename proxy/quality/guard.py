"""The guard: a call that would break the client is mended, or asked again one tier up."""

from collections.abc import Mapping

from msgspec.structs import replace

from proxy.answer.hops import Again, Amend
from proxy.dialects.model import Answer, Block, Request, ToolCall
from proxy.events import Escalated, Repaired
from proxy.exchange import CHOSEN, Decision, Exchange
from proxy.house import House
from proxy.quality.check import Fault, Offer, answers_a_result, faults_of, says_nothing
from proxy.quality.mend import mended
from proxy.routing.able import able

Mend = tuple[ToolCall, str]  # the mended call, and what was mended


class Guard:
    """An inspector of one exchange's answers."""

    def __init__(self, house: House, exchange: Exchange, request: Request, offer: Offer) -> None:
        self._house = house
        self._exchange = exchange
        self._request = request  # as the client sent it
        self._offer = offer

    def watches(self, request: Request) -> bool:
        functions = any(tool.kind == "function" for tool in request.tools)
        return functions or answers_a_result(request.messages)

    async def inspect(self, answer: Answer, asked: Request, last: bool) -> Amend | Again | None:
        """All faulty calls mended, if they can be; else again one tier up; else what can be."""
        faults = list(faults_of(answer, self._offer))
        if answers_a_result(self._request.messages) and says_nothing(answer):
            faults.append(Fault("nothing was said to a tool's result"))
        mends = self._mends(faults)
        left = [fault for fault in faults if fault.call is None or id(fault.call) not in mends]
        if left and not last and (again := self._again(left[0].why)):
            return again
        if left:
            self._note(left[0].why)
        return _amend(answer, mends) if mends else None

    def _mends(self, faults: list[Fault]) -> dict[int, Mend]:
        """The mended calls, by the identity of the faulty ones."""
        calls = [fault.call for fault in faults if fault.call is not None]
        found = ((id(call), mended(call, self._offer.tools)) for call in calls)
        return {at: mend for at, mend in found if mend is not None}

    def _again(self, why: str) -> Again | None:
        """The client's own request, of the next tier up that is another model and can take it."""
        decided, table = self._exchange.decision, self._house.routing.table
        assert decided is not None
        if decided.reason in CHOSEN:
            return None
        for tier, target in table.above(decided.tier, decided.target):
            if able(self._exchange, self._request, (target,), self._house):
                step = f"{decided.target} {why}: asked again of {tier.name}, {target}"
                up = Decision(tier, "escalated", target, (*decided.steps, step))
                told = Escalated(id="", at=0, tier=tier, target=target, reason=why)
                return Again(self._request, up, (told,))
        return None

    def _note(self, why: str) -> None:
        """Nothing can be done about it: the decision says so."""
        decided = self._exchange.decision
        assert decided is not None
        step = f"{decided.target} {why}: passed as it came, no other model is to be asked"
        self._exchange.decision = replace(decided, steps=(*decided.steps, step))


def _amend(answer: Answer, mends: Mapping[int, Mend]) -> Amend:
    notes = [note for _, note in mends.values()]
    return Amend(
        replace(answer, blocks=[_mended(block, mends) for block in answer.blocks]),
        tuple(Repaired(id="", at=0, why=note) for note in notes),
        tuple(f"mended a call: {note}" for note in notes),
    )


def _mended(block: Block, mends: Mapping[int, Mend]) -> Block:
    return mends[id(block)][0] if id(block) in mends else block
