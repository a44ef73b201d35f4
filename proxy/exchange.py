"""The state of one exchange as the stages fill it: values only, in the order they come to be."""

import time
from concurrent.futures import Future
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from classifier.score import Score
from classifier.tiers import Tier
from proxy.dialects.model import Request, Usage
from proxy.routing.table import Target
from proxy.routing.view import View

if TYPE_CHECKING:
    from proxy.cache.semantic.looked import Looked
    from proxy.cache.semantic.question import Question
    from proxy.rewrite.settings import RewriteSettings


# Reasons by which a person chose the tier: nothing raises or lowers it then.
CHOSEN: Final = ("override", "header", "replay")


class Decision(Struct, frozen=True):
    """Where an exchange goes and why; `steps` is the decision path in plain sentences."""

    tier: Tier
    reason: str  # score, force:NAME, risk:NAME, agentic, pinned, escalated, or one of CHOSEN
    target: Target
    steps: tuple[str, ...] = ()


class Tokens(Struct, frozen=True):
    """Input tokens by where they stand, estimated by the local tokenizer."""

    system: int = 0
    tools: int = 0
    messages: int = 0

    @property
    def total(self) -> int:
        return self.system + self.tools + self.messages


class Counts(Struct, frozen=True):
    """An exchange's input tokens, estimated: as it came, as it was sent, and where that saved.

    `places` pairs how many tokens were sent before the middle of a rewritten piece with what its
    rewrite saved, in the order of the prompt.
    """

    before: Tokens
    after: Tokens
    places: tuple[tuple[int, int], ...] = ()


class ResultRewrite(Struct, frozen=True):
    """One tool result that was rewritten: by which technique, from how many tokens to how many."""

    tool: str
    technique: str
    before: int
    after: int
    message: int = -1  # the number of the message that it stands in


class Rewrite(Struct, frozen=True):
    """What the proxy changed in a request. `stripped` pairs a tool with the reason."""

    kept: tuple[str, ...] = ()
    stripped: tuple[tuple[str, str], ...] = ()
    results: tuple[ResultRewrite, ...] = ()
    saved: int = 0  # input tokens, estimated

    @property
    def offered(self) -> int:
        return len(self.kept) + len(self.stripped)


class Candidate(Struct, frozen=True):
    """A question answered before that looks alike: cosine from -1 to 1, and the guard's verdict."""

    similarity: float
    same: bool
    why: str


class CacheState(Struct, frozen=True):
    """What the cache said: miss, exact, semantic or skip; `why` in a few words. `candidates` are
    what was answered before and looks alike, the nearest first."""

    state: str = "skip"
    why: str = ""
    candidates: tuple[Candidate, ...] = ()


class Replay(Struct, frozen=True):
    """A person's wish to see an exchange answered once more, on a tier of their choice. `session`
    and `client` are those of the exchange that is replayed."""

    of: str  # its id
    tier: Tier
    session: str
    client: str


class Exchange(Struct):
    """One client request, its answer, and all that happened between."""

    raw: bytes
    dialect: str
    headers: dict[str, str]  # lower-case names; holds the client's credential: never published
    path: str = ""
    query: str = ""
    id: str = field(default_factory=lambda: token_hex(16))
    began: float = field(default_factory=time.time)  # unix seconds, for people
    clock: float = field(default_factory=time.perf_counter)  # for durations
    request: Request | None = None  # as it came
    sent: Request | None = None  # as it went upstream; None where the cache answered
    session: str = ""
    request_class: str = ""  # main, subagent, compaction, title, warmup, side, replay
    replay: Replay | None = None  # None: a client asked
    view: View | None = None  # what there is to judge
    score: Score | None = None
    decision: Decision | None = None
    cache: CacheState = CacheState()
    cache_key: bytes = b""
    question: "Question | None" = None  # what the semantic cache was asked
    looked: "Looked | None" = None  # and what it found
    rewrite: Rewrite = Rewrite()
    settings: "RewriteSettings | None" = None  # by which it was rewritten; None where it was not
    usage: Usage = field(default_factory=Usage)
    hops: tuple[tuple[Target, Usage], ...] = ()  # who billed what, where more than one was asked
    spared: Usage | None = None  # what the cached answer was billed when it was made
    status: int = 0
    counted: Counts | None = None
    counting: "Future[Counts | None] | None" = None  # while that takes a thread

    def elapsed(self) -> float:
        """Milliseconds since the request came in."""
        return (time.perf_counter() - self.clock) * 1000
