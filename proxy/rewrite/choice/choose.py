"""Which tools a conversation may need so far: what was said, what was called, what was named."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from classifier.intent import own_words
from proxy.dialects.model import Image, Message, Other, Text, Tool, ToolCall, ToolResult, print_of
from proxy.memo import Memo
from proxy.rewrite.choice.needs import is_small_talk
from proxy.rewrite.choice.offer import Offer, offer_of
from proxy.rewrite.choice.words import stems

FEWEST: Final = 3  # tools: of fewer none goes
LEAST_SAVED: Final = 150  # tokens
LOADER: Final = 60  # tokens that the tool takes by which the others are loaded

_SMALL_TALK: Final = "the conversation is small talk so far"
_UNSPOKEN: Final = "nothing said so far speaks of it"
_FIXED: Final = "nothing said in the first turn speaks of it"
_FEW_WORDS: Final = 3  # stems: a shorter turn answers what the model said last
_EARLIER: Final = 600  # characters of the end of what the model said last

_LONGEST: Final = 20_000  # characters of one message in which tools' names are looked for

_needed = Memo[frozenset[str]](4_000)


class Choice(Struct, frozen=True):
    """The names of the tools that stay, and why each of the others goes.

    Of those that stay, `later` were not needed in the first round; in the order in which they were.
    """

    kept: frozenset[str]
    reasons: Mapping[str, str]
    later: tuple[str, ...] = ()


class _Turn(Struct, frozen=True):
    """What the person said in one message ("" for a picture alone), and what a short answer
    refers to."""

    words: str
    before: str
    first: bool  # whether the model had not answered yet


History = tuple[_Turn | str, ...]


def choose(messages: Sequence[Message], tools: Sequence[Tool], fixed: bool) -> Choice:
    """The tools to send. Pure: it follows from what came in, and only grows as that grows.

    With `fixed` the first round alone decides, and what is said or called later changes nothing.
    """
    return choose_of(offer_of(tools, print_of(tools)), history_of(messages), fixed)


def choose_of(offer: Offer, history: History, fixed: bool) -> Choice:
    """The tools of `offer` to send; see `choose`."""
    names = offer.names
    if offer.count < FEWEST:
        return Choice(names, {})
    turns = [one for one in history if isinstance(one, _Turn)]
    opening = [turn for turn in turns if turn.first]
    base = frozenset().union(*(_needs(turn, offer, fixed) for turn in opening))
    if not opening or not _pays(offer, base):
        return Choice(names, {})
    later = () if fixed else tuple(_later(history, offer, base))
    kept = base.union(later)
    return Choice(kept, _reasons(names - kept, turns, fixed), later)


def history_of(messages: Sequence[Message]) -> History:
    """All that the choice depends on: what the person said, and each tool as it was first called,
    in their order. Most turns of a tool round have the same."""
    found: dict[_Turn | str, None] = {}
    said: Message | None = None
    answered, spoke = False, False
    for message in messages:
        if message.role == "user":
            if not _gives_results(message) and (turn := _turn(message, said, answered)):
                found[turn], spoke = None, True
                continue
        elif message.role == "assistant":
            said, answered = message, spoke
        for block in message.blocks:
            if type(block) is ToolCall:
                found[block.name] = None
    return tuple(found)


def _later(history: History, offer: Offer, base: frozenset[str]) -> dict[str, None]:
    """What the conversation needed beyond the first round's tools, as it went on."""
    found: dict[str, None] = {}
    rest = offer.names - base
    for one in history:
        needed = (one,) if isinstance(one, str) else _needs(one, offer, fixed=False)
        found |= dict.fromkeys(sorted(rest.intersection(needed)))
    return found


def _turn(message: Message, said: Message | None, answered: bool) -> _Turn | None:
    """What the person said; None where nothing was said, or shown."""
    words = _own(message)
    if not words and not any(isinstance(block, (Image, Other)) for block in message.blocks):
        return None
    return _Turn(words, _text(said)[-_EARLIER:] if said else "", not answered)


def _gives_results(message: Message) -> bool:
    """Whether nothing else stands in it: no word of the person's."""
    for block in message.blocks:
        if type(block) is not ToolResult:
            return False
    return True


def _own(message: Message) -> str:
    """The person's words, long ones too: a tool may be named anywhere in them."""
    said = (_without_harness(block.text) for block in message.blocks if isinstance(block, Text))
    return "\n".join(words for words in said if words)[:_LONGEST]


def _without_harness(text: str) -> str:
    return own_words(text) if "<" in text else text[:_LONGEST].strip()


def _text(message: Message) -> str:
    return "\n".join(block.text for block in message.blocks if isinstance(block, Text))


def _needs(turn: _Turn, offer: Offer, fixed: bool) -> frozenset[str]:
    """What one turn may need; worked out once for the same words over the same tools."""
    if not turn.words:
        return offer.names
    key = (offer.key, turn.words, turn.before, fixed)
    return _needed.get(key, lambda: offer.needed(_meant(turn), turn.words, fixed))


def _meant(turn: _Turn) -> str:
    """The turn's words; a "yes, do that" means what the model offered."""
    said = own_words(turn.words)
    if is_small_talk(said) or not turn.before or len(stems(said)) > _FEW_WORDS:
        return said
    return f"{said}\n{turn.before}"


def _pays(offer: Offer, kept: frozenset[str]) -> bool:
    """Whether it saves enough. The first round decides, so that it holds for the conversation."""
    return sum(offer.gains[name] for name in offer.gains.keys() - kept) >= LEAST_SAVED + LOADER


def _reasons(gone: Iterable[str], turns: Iterable[_Turn], fixed: bool) -> dict[str, str]:
    talk = all(is_small_talk(turn.words) for turn in turns)
    reason = _SMALL_TALK if talk else _FIXED if fixed else _UNSPOKEN
    return {name: reason for name in sorted(gone)}
