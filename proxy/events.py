"""What happened, as values: each class says when it fires. No prompt text, no credential, ever."""

from msgspec import Struct, field

from classifier.features import Features
from classifier.score import Score
from classifier.tiers import Tier
from proxy.dialects.model import Usage
from proxy.exchange import CacheState, Decision, Rewrite, Tokens
from proxy.providers.breaker import Standing
from proxy.routing.table import Table, Target


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to exchange `id` at unix time `at`."""

    id: str
    at: float


class Received(Event, frozen=True, kw_only=True):
    """A client's request was read and understood, or a person replays one."""

    session: str
    client: str  # claude-code, codex, …; from the user agent
    dialect: str
    asked_model: str
    stream: bool
    turns: int
    tools: int
    request_class: str = ""  # main, subagent, compaction, title, warmup, side, replay


class Scored(Event, frozen=True, kw_only=True):
    """The classifier measured the request; `features` are the counts that the score is made of."""

    score: Score
    features: Features | None = None


class Routed(Event, frozen=True, kw_only=True):
    """The tier and the model were chosen."""

    decision: Decision


class CacheHit(Event, frozen=True, kw_only=True):
    """The cache answers; nothing goes upstream."""

    cache: CacheState


class CalledWrong(Event, frozen=True, kw_only=True):
    """A person called the cached answer of `exchange` wrong: it is forgotten; `id` is empty."""

    exchange: str
    cache: str  # exact, semantic


class Rewritten(Event, frozen=True, kw_only=True):
    """The request is ready to go upstream; also fires when nothing was changed."""

    rewrite: Rewrite
    cache: CacheState


class BudgetReached(Event, frozen=True, kw_only=True):
    """A budget was reached; it fires once a day, month or session. `then` is what happens now."""

    why: str
    then: str  # warn, cheaper, hold


class ApprovalAsked(Event, frozen=True, kw_only=True):
    """The request is likely to cost more than `above`: it waits for a person's word."""

    dollars: float  # likely, an estimate
    above: float  # dollars, as configured


class ApprovalGiven(Event, frozen=True, kw_only=True):
    """A waiting request goes, by a word or in silence; one that is refused ends in `Failed`."""


class FirstToken(Event, frozen=True, kw_only=True):
    """The first byte of the answer is on its way to the client."""

    latency: float  # milliseconds since the request came in


class Escalated(Event, frozen=True, kw_only=True):
    """The answer is asked again one tier up, or a model that goes in circles is relieved."""

    tier: Tier
    target: Target
    reason: str


class Repaired(Event, frozen=True, kw_only=True):
    """A tool call that missed by a hair was mended before the client saw it."""

    why: str


class Served(Event, frozen=True, kw_only=True):
    """The model called a tool of the proxy's own; it is told what it asked for, and asked again."""

    tool: str
    asked: str


class RewriteRefused(Event, frozen=True, kw_only=True):
    """The upstream refused a rewritten request; it took the same request as it came."""

    target: Target
    why: str


class CacheLost(Event, frozen=True, kw_only=True):
    """A rewrite lost a session what its provider had cached; that technique is off for it now."""

    target: Target
    tokens: int  # billed, that the provider would have read from its cache
    techniques: tuple[str, ...]


class Retried(Event, frozen=True, kw_only=True):
    """A call failed in a way that can pass; the same call is about to be made again."""

    target: Target
    wait: float  # seconds from now
    why: str


class FellBack(Event, frozen=True, kw_only=True):
    """A model could not answer; the next of its tier's fallbacks is asked."""

    source: Target
    target: Target
    why: str


class Completed(Event, frozen=True, kw_only=True):
    """The client has its whole answer."""

    status: int
    latency: float  # milliseconds since the request came in
    usage: Usage
    before: Tokens
    after: Tokens
    cost: float | None  # dollars; None where the price or the usage is unknown
    cost_asked: float | None  # the same usage, or what a cached answer spared, at the asked model
    cost_as_came: float | None = None  # at the model that answered, not rewritten: an estimate


class Failed(Event, frozen=True, kw_only=True):
    """The exchange ended without a whole answer: refused, broken off, or left by the client."""

    status: int  # 499 where the client left
    latency: float
    error: str
    usage: Usage = field(default_factory=Usage)


class RoutingChanged(Event, frozen=True, kw_only=True):
    """A new routing table is in force; `id` is empty."""

    table: Table
    by: str = ""  # who changed it: dashboard, file, api


class BreakerChanged(Event, frozen=True, kw_only=True):
    """A provider's breaker opened, lets one request try, or closed; `id` is empty."""

    standing: Standing
