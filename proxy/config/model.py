"""What the config may say: a frozen pydantic model for each of its tables."""

import re
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

from classifier.force import ForcePattern
from classifier.tiers import DEFAULT_BOUNDARIES, Tier
from proxy.routing.table import Target

TierName = Literal["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"]
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RING: Final = re.compile(r"[^/\s]+/\S+")
_WORD: Final = re.compile(r"[A-Za-z0-9._:-]+")
_LONGEST_NAME: Final = 60


def _target(value: object) -> Target:
    if not isinstance(value, str):
        raise ValueError('must be "provider/model", e.g. "local/qwen2.5-coder:7b"')
    if not value.isprintable() or " " in value:
        raise ValueError("must be provider/model without spaces, e.g. local/qwen2.5-coder:7b")
    return Target.of(value)


def _base_url(value: str) -> str:
    try:
        parts, _ = urlsplit(value), urlsplit(value).port
    except ValueError:
        raise ValueError("is not a URL, like http://127.0.0.1:11434") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must begin with http:// or https:// and name a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("must be scheme, host, port and path alone; a key belongs into key_env")
    return value.rstrip("/")


def _variables(value: object) -> str | tuple[str, ...]:
    """One name, or a list of them."""
    return _one_or_more(
        value, _VARIABLE, "names an environment variable, e.g. ANTHROPIC_API_KEY, never the key"
    )


def _rings(value: object) -> str | tuple[str, ...]:
    return _one_or_more(value, _RING, 'must be "service/name", as the keyring has it')


def _one_or_more(value: object, shape: re.Pattern[str], fault: str) -> str | tuple[str, ...]:
    several = list(value) if isinstance(value, list | tuple) else [value]
    good = [one for one in several if isinstance(one, str) and shape.fullmatch(one)]
    if not good or len(good) < len(several):
        raise ValueError(fault)
    return value if isinstance(value, str) else tuple(good)


def _listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


def _word(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise ValueError("must be letters, digits, . : _ and - alone")
    return value


def _client(value: object) -> str:
    if value != "client":
        raise ValueError(
            'may only be "client" (hand on the caller\'s own credential); '
            "keep a key in an environment variable and name it with key_env"
        )
    return "client"


def _name(value: str) -> str:
    if not value.strip() or not value.isprintable() or len(value) > _LONGEST_NAME:
        raise ValueError(f"must be 1 to {_LONGEST_NAME} printable characters")
    return value


TargetText = Annotated[Target, PlainValidator(_target, json_schema_input_type=str)]
Variables = Annotated[
    str | tuple[str, ...], PlainValidator(_variables, json_schema_input_type=str | list[str])
]
Rings = Annotated[
    str | tuple[str, ...], PlainValidator(_rings, json_schema_input_type=str | list[str])
]
Seconds = Annotated[float, Field(gt=0)]
Money = Annotated[float, Field(ge=0)]  # dollars per million tokens


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class TimeoutConfig(_Model):
    """Seconds to wait for a connection (its name looked up, its certificate shown), for the first
    byte of a stream, and between two bytes.

    An answer that is not streamed comes whole, when it is done: `silence` is its limit.
    """

    connect: Seconds = 10.0
    first_byte: Seconds = 120.0
    silence: Seconds = 300.0


class ProviderConfig(_Model):
    """One upstream account: a row of the catalog, where it is, and whose credential it takes.

    Of several keys the next is taken when one is refused or over its limit. `rpm` and `tpm` are
    requests and tokens a minute. Which kinds read `region`, `project` and `api_version`: see
    proxy.providers.catalog. `allow_metadata` lets `base_url` be a cloud's metadata service, which
    gives out its machine's own credentials.
    """

    kind: str
    base_url: Annotated[str, AfterValidator(_base_url)] = ""
    key_env: Variables = ""
    keyring: Rings = ""
    key: Annotated[str, PlainValidator(_client, json_schema_input_type=Literal["client"])] = ""
    region: Annotated[str, AfterValidator(_word)] = ""
    project: Annotated[str, AfterValidator(_word)] = ""
    api_version: Annotated[str, AfterValidator(_word)] = ""
    rpm: Annotated[int, Field(gt=0)] | None = None
    tpm: Annotated[int, Field(gt=0)] | None = None
    allow_metadata: bool = False

    @property
    def variables(self) -> tuple[str, ...]:
        """The names in `key_env`."""
        return _listed(self.key_env)

    @property
    def rings(self) -> tuple[str, ...]:
        """The places in `keyring`."""
        return _listed(self.keyring)

    timeout: TimeoutConfig = TimeoutConfig()


class Tiers(_Model):
    """A model for each tier; `fallback` lists what is tried, in order, where that one fails."""

    SIMPLE: TargetText
    MEDIUM: TargetText
    COMPLEX: TargetText
    REASONING: TargetText
    fallback: dict[TierName, Annotated[tuple[TargetText, ...], Field(strict=False)]] = {}

    def of(self, tier: Tier) -> Target:
        target: Target = getattr(self, tier.name)
        return target


class ClassifierConfig(_Model):
    """Where the score is cut into tiers, and weights in place of the shipped ones."""

    boundaries: Annotated[
        tuple[Annotated[float, Field(ge=0, le=100)], ...],
        Field(strict=False),
    ] = DEFAULT_BOUNDARIES
    weights: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}


class ForceConfig(_Model):
    """A rule that decides a tier before the score does; `pattern` is re2, any case."""

    name: Annotated[str, AfterValidator(_name)]
    pattern: str
    tier: TierName
    enabled: bool = True

    def rule(self) -> ForcePattern:
        return ForcePattern(self.name, self.pattern, Tier[self.tier], self.enabled)


class ToolsConfig(_Model):
    """Whether tools that a request can't use are left out, and which never are."""

    strip: bool = True
    never: Annotated[tuple[str, ...], Field(strict=False)] = ()


class CompressionConfig(_Model):
    """How far tool results are rewritten, and the tools whose results never are."""

    level: Literal["off", "lossless", "balanced"] = "lossless"
    never: Annotated[tuple[str, ...], Field(strict=False)] = ()


class GuardConfig(_Model):
    """Whether tool calls are checked against their schemas before the client sees them, mended, or
    asked again one tier up."""

    calls: bool = True


class CacheConfig(_Model):
    """`max_wrong` is the share of hits that may be wrong; `ttl` is in seconds. A request with a
    temperature above `max_temperature` asks for variety, and is not answered from a cache.

    `exact` and `semantic` are the proxy's own answers. `prompt` is the provider's cache: requests
    of clients that leave it alone get its marks, or their session's key. `model` is the folder of
    a sentence-transformers model; without one, the one that comes with the program.
    """

    exact: bool = True
    semantic: bool = True
    prompt: bool = True
    max_wrong: Annotated[float, Field(ge=0, le=1)] = 0.01
    max_temperature: Annotated[float, Field(ge=0, le=2)] = 0.5
    model: str = ""
    ttl: Annotated[float, Field(gt=0)] = 86_400.0


class RetryConfig(_Model):
    """A failed call is made `times` more at most; all waits together take `seconds` at most."""

    times: Annotated[int, Field(ge=0, le=10)] = 2
    seconds: Annotated[float, Field(ge=0, le=120)] = 10.0


class BudgetConfig(_Model):
    """How much a day, a month or a session may cost, at one provider or in all, and what happens
    then: a word of warning, the next cheaper tier from the next round on, or no more requests.

    In dollars where prices are known, or in tokens as billed. Days and months are local ones. Of
    several that are reached the strictest counts. After a restart a session's sum goes back a day.
    """

    per: Literal["day", "month", "session"]
    dollars: Annotated[float, Field(gt=0)] | None = None
    tokens: Annotated[int, Field(gt=0)] | None = None
    provider: str = ""
    then: Literal["warn", "cheaper", "hold"] = "warn"


class ApprovalConfig(_Model):
    """From which likely price on a request waits for a person, once `h` on the dashboard asks for
    that; without an answer within `seconds` it goes. No `dollars`: nothing waits. A price is
    an estimate, and one that is not known asks nobody; a fallback is not asked about again."""

    dollars: Annotated[float, Field(gt=0)] | None = None
    seconds: Annotated[float, Field(gt=0, le=240)] = 120.0


class ModelConfig(_Model):
    """What a model can do, where that is not known or not true of it; what is left out is able.

    `window` and `output` are in tokens: all it can read and write, and what it can write.
    `server_tools` are tools that its provider runs, a web search for one.
    """

    window: Annotated[int, Field(gt=0)] | None = None
    output: Annotated[int, Field(gt=0)] | None = None
    images: bool | None = None
    server_tools: bool = True


class LoadConfig(_Model):
    """How many requests may be under way at once, and how many megabytes their bodies may have in
    all; who comes then is told with a 503 when to come back. A body takes two to three times its
    size in memory while it is worked on."""

    requests: Annotated[int, Field(gt=0)] = 1_000
    megabytes: Annotated[int, Field(gt=0)] = 256


class LedgerConfig(_Model):
    """`keep_text` writes prompts and answers into the ledger; they stay out unless asked for."""

    keep_text: bool = False


class ReplayConfig(_Model):
    """How many megabytes of the newest exchanges' texts (64 exchanges at most) are held in memory,
    never in a file, while a dashboard is open: `R` sends one of them again. 0 holds none."""

    megabytes: Annotated[int, Field(ge=0, le=1_024)] = 8


class DashboardConfig(_Model):
    """How the dashboard looks. `auto` is dark, or the terminal's own 16 colours (`ansi`) where it
    has no more; `contrast` is dark with high contrast. NO_COLOR goes without any."""

    theme: Literal["auto", "dark", "light", "ansi", "contrast"] = "auto"


class PriceConfig(_Model):
    """Dollars per million tokens; without a cache price, cached tokens cost as input."""

    input: Money
    output: Money
    cache_read: Money | None = None
    cache_write: Money | None = None


class Config(_Model):
    """The whole file. Models and prices are by `provider/model`, `provider/*` or model; keys by
    action."""

    providers: Annotated[dict[str, ProviderConfig], Field(min_length=1)]
    tiers: Tiers
    classifier: ClassifierConfig = ClassifierConfig()
    force: Annotated[tuple[ForceConfig, ...], Field(strict=False)] = ()
    budgets: Annotated[tuple[BudgetConfig, ...], Field(strict=False)] = ()
    approval: ApprovalConfig = ApprovalConfig()
    tools: ToolsConfig = ToolsConfig()
    compression: CompressionConfig = CompressionConfig()
    cache: CacheConfig = CacheConfig()
    guard: GuardConfig = GuardConfig()
    ledger: LedgerConfig = LedgerConfig()
    replay: ReplayConfig = ReplayConfig()
    retry: RetryConfig = RetryConfig()
    load: LoadConfig = LoadConfig()
    dashboard: DashboardConfig = DashboardConfig()
    models: dict[str, ModelConfig] = {}
    prices: dict[str, PriceConfig] = {}
    keys: dict[str, str] = {}
