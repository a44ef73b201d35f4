"""What the classifier is given: a conversation as plain values, free of any wire format."""

from msgspec import Struct


class ToolOffer(Struct, frozen=True):
    """A tool that the client offers: its name and how much schema it carries."""

    name: str
    description: str = ""
    properties: int = 0  # schema properties, nested ones included
    required: int = 0  # required properties, nested ones included
    depth: int = 0  # how deep the schema nests


class Turn(Struct, frozen=True):
    """One message: what was said, which tools it called, and what came back."""

    role: str  # user, assistant, system
    text: str = ""
    calls: tuple[str, ...] = ()  # names of tools called, in order
    results: int = 0  # tool results carried
    failures: int = 0  # of these, results marked as errors
    result_chars: int = 0
    images: int = 0


class Ask(Struct, frozen=True):
    """A whole request, oldest turn first; `tokens` is an estimate of all of its input."""

    turns: tuple[Turn, ...]
    system: str = ""
    tools: tuple[ToolOffer, ...] = ()
    tokens: int = 0
