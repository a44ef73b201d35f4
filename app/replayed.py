"""A replay as the screen holds it: what was said then, what a tier costs, what each said since."""

from typing import Final, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from app.holds.holds import ReplayHold
from classifier.tiers import Tier
from proxy.dialects.model import Answer, Block, Text, Thinking, ToolCall
from proxy.past.recent import MOST
from proxy.past.replay import Offer
from proxy.record import Record
from proxy.secrets import hidden

SHOWN: Final = 12_000  # characters of an answer: breaking more into lines would hold up the loop
NONE: Final = "Select an exchange first: R sends it again to another tier."
RUNS: Final = "It is still under way. Once it has ended, the tiers to send it to stand here."
GONE: Final = (
    f"Its text is not held: while a dashboard is open the last {MOST} are, in memory, within"
    " [replay] megabytes. [ledger] keep_text = true keeps them all from now on."
)
LOST: Final = "Its text was not kept, or is not in the ledger yet."


class ReplayError(Exception):
    """Why something can't be replayed, in a sentence for the screen."""


class Part(Struct, frozen=True):
    """A block of an answer: text, thinking (empty where it can't be read), a call's name and
    arguments, or the kind of another."""

    kind: Literal["text", "thinking", "call", "other"]
    text: str


class Said(Struct, frozen=True):
    """An answer, SHOWN characters at most, and whether there is `more`; or `why` there is none."""

    parts: tuple[Part, ...] = ()
    more: bool = False
    why: str = ""


class Found(Struct, frozen=True):
    """What an exchange could be sent to again, and what was said then."""

    offers: tuple[Offer, ...]
    then: Said


class Again(Struct):
    """One replay: `id` is empty until it has begun, `answer` None while it is under way, `row` what
    is known of it so far."""

    id: str = ""
    row: Record | None = None
    answer: Said | None = None
    read: bool = False  # its answer is being read, or was

    @property
    def over(self) -> bool:
        return self.row is not None and self.row.ended


class Compared(Struct):
    """One exchange, and its replays by tier, the latest of each."""

    row: Record
    offers: tuple[Offer, ...]
    then: Said
    again: dict[Tier, Again] = field(default_factory=dict)

    def closed(self, why: str) -> "Compared":
        """The same with its answers, where it can't be sent any more."""
        return replace(self, offers=tuple(replace(offer, why=why) for offer in self.offers))

    @property
    def open(self) -> bool:
        """Whether there is a tier that it can be sent to."""
        return not all(offer.why for offer in self.offers)


def said_of(answer: Answer) -> Said:
    """As much of an answer as is shown, and no credential that is known to us."""
    parts, left = [], SHOWN
    for block in answer.blocks:
        part = _part(block)
        text = hidden(part.text)
        parts.append(Part(part.kind, text[:left]))
        left -= len(text)
        if left < 0:
            break
    return Said(tuple(parts), left < 0)


def _part(block: Block) -> Part:
    match block:
        case Text(text=text):
            return Part("text", text)
        case Thinking(text=text):
            return Part("thinking", text)
        case ToolCall(name=name, arguments=arguments):
            return Part("call", f"{name} {arguments}")
    return Part("other", type(block).__name__)


async def hindrance(row: Record | None, replays: ReplayHold) -> str:
    """Why an exchange can't be replayed, in a line; empty where it can, or will once it ends."""
    if row is None:
        return NONE
    try:
        if row.ended:
            await replays.look(row)
    except ReplayError as error:
        return str(error)
    return ""


async def compared(row: Record, replays: ReplayHold) -> Compared | str:
    """An exchange, ready to be replayed; or why it can't be."""
    if not row.ended:
        return RUNS
    try:
        found = await replays.look(row)
    except ReplayError as error:
        return str(error)
    return Compared(row, found.offers, found.then)
