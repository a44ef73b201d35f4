"""The neutral form: what requests, answers and streams mean, without a dialect's spelling."""

from collections.abc import Sequence
from typing import Any, Literal

import orjson
from msgspec import Struct, field

from proxy.memo import Same

Json = Any
Body = dict[str, Any]

# No part of what is said.
_APART = frozenset({"place", "rewritten", "known_prints"})


class Placed(Struct):
    """Equal where it says the same, wherever it stood in the client's request."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and all(
            getattr(self, name) == getattr(other, name)
            for name in self.__struct_fields__
            if name not in _APART
        )


class Text(Struct):
    text: str
    extra: Body = field(default_factory=dict)  # unknown fields, kept for the same dialect


class Image(Struct):
    """A picture: base64 `data` with its `media_type`, or a `url`."""

    media_type: str = ""
    data: str = ""
    url: str = ""
    extra: Body = field(default_factory=dict)


class Thinking(Struct):
    """Reasoning text; `signature` binds it to its provider; `redacted` holds an opaque payload."""

    text: str = ""
    signature: str = ""
    redacted: str = ""
    extra: Body = field(default_factory=dict)


class ToolCall(Struct):
    """A call by the model; `arguments` is the JSON text exactly as it came, "" for none.

    A call of a `custom` tool carries its free text as {"input": text}.
    """

    id: str
    name: str
    arguments: str
    extra: Body = field(default_factory=dict)


class ToolResult(Placed):
    """What a call gave back: text and images, in order."""

    call_id: str
    content: "list[Block]"
    is_error: bool = False
    extra: Body = field(default_factory=dict)
    place: str = ""  # in the client's request, if not its message's
    rewritten: bool = False  # `content` is not what came


class Other(Placed):
    """A block this build does not know; `raw` passes where the dialect matches."""

    raw: Body
    place: str = ""  # in the client's request, if not its message's


Block = Text | Image | Thinking | ToolCall | ToolResult | Other


class Message(Placed):
    role: str  # user, assistant, system, developer; unknown ones pass where the dialect matches
    blocks: list[Block]
    extra: Body = field(default_factory=dict)
    place: str = ""  # in the client's request, if not its number's


def place_of(number: int, message: Message) -> str:
    """Where a client finds a message of its own, for errors."""
    return message.place or f"messages.{number}"


class Tool(Struct):
    """A tool offered. kind `function` has a JSON schema; `server` runs at the provider (raw only);
    `custom` takes free text. `raw` is the client's own; a tool of the proxy's has none."""

    name: str
    description: str = ""
    schema: Body = field(default_factory=dict)
    kind: Literal["function", "server", "custom"] = "function"
    raw: Body = field(default_factory=dict)


def print_of(tools: Sequence[Tool]) -> int:
    """A hash of all that the tools say."""
    said = [(one.name, one.kind, one.raw or (one.description, one.schema)) for one in tools]
    try:
        return hash(orjson.dumps(said))
    except TypeError:  # nested too deep to be written
        return hash(repr(said))


_print_of = Same(print_of, 8)  # as they came and as they were sent


class ToolChoice(Struct):
    mode: Literal["auto", "any", "none", "tool"]
    name: str = ""
    parallel: bool = True


class Request(Placed):
    """One request. `body` is the parsed wire body, which a same-dialect route sends on."""

    dialect: str
    model: str
    messages: list[Message]
    body: Body
    system: list[Block] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)
    tool_choice: ToolChoice | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: list[str] = field(default_factory=list)
    stream: bool = False
    effort: str = ""  # low, medium, high, … as the client said it
    thinking: bool | None = None
    thinking_budget: int | None = None  # tokens, where the client gave a number
    output_schema: Body | None = None  # a JSON schema the answer must meet
    user: str = ""
    held: str = ""  # the field that stands for what only the client's own provider holds
    added: int = 0  # how many of the last messages are the proxy's own, and not in `body`
    known_prints: tuple[list[Message], list[int]] | None = None  # see proxy.tokens.prints

    @property
    def tools_print(self) -> int:
        """Equal, in this process alone, where the tools are."""
        return _print_of(self.tools)

    @property
    def theirs(self) -> list[Message]:
        """The messages that the client sent."""
        return self.messages[: len(self.messages) - self.added]

    @property
    def ours(self) -> list[Message]:
        """The messages that the proxy added: calls of its own tools, and their results."""
        return self.messages[len(self.messages) - self.added :]


StopReason = Literal["end_turn", "max_tokens", "tool_use", "stop_sequence", "refusal"]


class Usage(Struct):
    """Tokens as the provider billed them; None where it did not say. `input` excludes cached."""

    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None

    def merge(self, later: "Usage") -> None:
        """Take what a later report says; keep what it leaves out."""
        for name in ("input", "output", "cache_read", "cache_write", "reasoning"):
            value = getattr(later, name)
            if value is not None:
                setattr(self, name, value)


class Answer(Struct):
    """A whole answer; blocks in order thinking, text, tool calls."""

    id: str
    model: str
    blocks: list[Block]
    stop: StopReason
    usage: Usage
    stop_sequence: str = ""


# Stream events, in the order that a stream gives them. Indexes are dense, one block open at a time.


class Start(Struct):
    id: str
    model: str
    usage: Usage


class BlockStart(Struct):
    """A block opens; ToolCall carries id and name with no arguments, Text and Thinking are empty.

    Redacted thinking and Other come whole: no deltas follow them.
    """

    index: int
    block: Block


class Delta(Struct):
    """A piece of the open block: `kind` says of what."""

    index: int
    kind: Literal["text", "thinking", "signature", "arguments"]
    text: str


class BlockStop(Struct):
    index: int


class Finish(Struct):
    """Why the model stopped, and what it billed."""

    stop: StopReason
    usage: Usage
    stop_sequence: str = ""


class End(Struct):
    """The stream ended as it should; one that just stops gives Broken instead."""


class Broken(Struct):
    """The upstream reported an error in mid-stream, or stopped short."""

    type: str
    message: str


class Ping(Struct):
    pass


StreamEvent = Start | BlockStart | Delta | BlockStop | Finish | End | Broken | Ping
