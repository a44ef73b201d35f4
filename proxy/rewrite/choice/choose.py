"""Which tools a conversation may need so far: what was said, what was called, what was named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def choose(messages: Sequence[Message], tools: Sequence[Tool], fixed: bool) -> Choice:
    """The tools to send. Pure: it follows from what came in, and only grows as that grows.

    With `fixed` the first round alone decides, and what is said or called later changes nothing.
    """
    return choose_of(offer_of(tools, print_of(tools)), messages, fixed)


def choose_of(offer: Offer, messages: Sequence[Message], fixed: bool) -> Choice:
    """The tools of `offer` to send; see `choose`."""
    names = offer.names
    if offer.count < FEWEST:
        return Choice(names, {})
    turns = dict(_turns(messages))
    opening = [turn for turn in turns.values() if turn.first]
    base = _union(opening, offer, fixed)
    if not opening or not _pays(offer, base):
        return Choice(names, {})
    later = () if fixed else tuple(_later(messages, turns, offer, base))
    kept = base.union(later)
    return Choice(kept, _reasons(names - kept, turns.values(), fixed), later)


def _later(
    messages: Sequence[Message], turns: Mapping[int, _Turn], offer: Offer, base: frozenset[str]
) -> dict[str, None]:
    """What the conversation needed beyond the first round's tools, as it went on."""
    found: dict[str, None] = {}
    rest = offer.names - base
    for at, message in enumerate(messages):
        needed = _needs(turns[at], offer, fixed=False) if at in turns else _called(message)
        if not rest.isdisjoint(needed):
            found |= dict.fromkeys(sorted(rest.intersection(needed)))
    return found


def _turns(messages: Sequence[Message]) -> Iterator[tuple[int, _Turn]]:
    """What the person said, by the message that it stands in."""
    said: Message | None = None
    answered, spoke = False, False
    for at, message in enumerate(messages):
        if message.role == "assistant":
            said, answered = message, spoke
        elif message.role == "user" and not _gives_results(message):
            words = _own(message)
            if words or any(isinstance(block, (Image, Other)) for block in message.blocks):
                before = _text(said)[-_EARLIER:] if said else ""
                yield at, _Turn(words, before, not answered)
                spoke = True


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


def _union(turns: Iterable[_Turn], offer: Offer, fixed: bool) -> frozenset[str]:
    return frozenset().union(*(_needs(turn, offer, fixed) for turn in turns))


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


def _called(message: Message) -> list[str]:
    return [block.name for block in message.blocks if type(block) is ToolCall]


def _pays(offer: Offer, kept: frozenset[str]) -> bool:
    """Whether it saves enough. The first round decides, so that it holds for the conversation."""
    return sum(offer.gains[name] for name in offer.gains.keys() - kept) >= LEAST_SAVED + LOADER


def _reasons(gone: Iterable[str], turns: Iterable[_Turn], fixed: bool) -> dict[str, str]:
    talk = all(is_small_talk(turn.words) for turn in turns)
    reason = _SMALL_TALK if talk else _FIXED if fixed else _UNSPOKEN
    return {name: reason for name in sorted(gone)}
