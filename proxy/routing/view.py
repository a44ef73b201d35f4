"""What there is to judge of a conversation: a value, gathered once a request."""

from msgspec import Struct

from classifier.ask import Ask


class View(Struct, frozen=True):
    """The conversation as it stood when the person last spoke, and where each round began.

    The tool results since then do not count: so each turn of a tool round, and the same round
    after a restart, gets the same verdict.
    """

    ask: Ask
    rounds: tuple[int, ...]  # indexes into the turns
