"""The config: what the TOML file may say, and how it is read and checked."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from classifier.dimensions import DIMENSIONS
from classifier.force import ForcePattern, compile_patterns
from classifier.tiers import DEFAULT_BOUNDARIES, Tier
from proxy.config_problems import ConfigError, Problem, bad_syntax, did_you_mean, refuse, told_by
from proxy.providers.catalog import KINDS
from proxy.routing import Table, Target

__all__ = ["Config", "ConfigError", "ProviderConfig", "load", "parse", "table_of"]

TierName = Literal["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"]
_PROVIDER_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
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


def _variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        raise ValueError("names an environment variable, e.g. ANTHROPIC_API_KEY, never the key")
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
Money = Annotated[float, Field(ge=0)]  # dollars per million tokens


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ProviderConfig(_Model):
    """One upstream account: a row of the catalog, where it is, and whose credential it takes."""

    kind: str
    base_url: Annotated[str, AfterValidator(_base_url)] = ""
    key_env: Annotated[str, AfterValidator(_variable)] = ""
    key: Annotated[str, PlainValidator(_client, json_schema_input_type=Literal["client"])] = ""


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


class ToolsConfig(_Model):
    """Whether tools that a request can't use are left out, and which never are."""

    strip: bool = True
    never: Annotated[tuple[str, ...], Field(strict=False)] = ()


class CompressionConfig(_Model):
    level: Literal["off", "lossless", "balanced"] = "lossless"


class CacheConfig(_Model):
    """`max_wrong` is the share of hits that may be wrong; `ttl` is in seconds."""

    exact: bool = True
    semantic: bool = True
    max_wrong: Annotated[float, Field(ge=0, le=1)] = 0.01
    ttl: Annotated[float, Field(gt=0)] = 86_400.0


class LedgerConfig(_Model):
    """`keep_text` writes prompts and answers into the ledger; they stay out unless asked for."""

    keep_text: bool = False


class PriceConfig(_Model):
    """Dollars per million tokens; a cache price that is not given is unknown."""

    input: Money
    output: Money
    cache_read: Money | None = None
    cache_write: Money | None = None


class Config(_Model):
    """The whole file. Prices are by `provider/model` or by model; keys by action."""

    providers: Annotated[dict[str, ProviderConfig], Field(min_length=1)]
    tiers: Tiers
    classifier: ClassifierConfig = ClassifierConfig()
    force: Annotated[tuple[ForceConfig, ...], Field(strict=False)] = ()
    tools: ToolsConfig = ToolsConfig()
    compression: CompressionConfig = CompressionConfig()
    cache: CacheConfig = CacheConfig()
    ledger: LedgerConfig = LedgerConfig()
    prices: dict[str, PriceConfig] = {}
    keys: dict[str, str] = {}


def load(path: Path) -> Config:
    """Read and check the file at `path`. ConfigError says what is wrong, where, and the fix."""
    return parse(read_text(path), str(path))


def parse(text: str, where: str = "config") -> Config:
    """The config in a TOML text that came from `where`. ConfigError as for `load`."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise bad_syntax(where, text, error) from None
    try:
        config = Config.model_validate(body)
    except ValidationError as error:
        raise refuse(where, text, told_by(error, Config)) from None
    problems = [problem for check in _CHECKS for problem in check(config)]
    if problems:
        raise refuse(where, text, problems)
    return config


def read_text(path: Path) -> str:
    """The file's text. ConfigError where it can't be read, or is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        fix = "write one with `lynkr-tui init`, or name another with --config"
        raise ConfigError(f"{path} does not exist; {fix}") from None
    except IsADirectoryError:
        raise ConfigError(f"{path} is a directory; name the TOML file in it") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path} can't be read: {error.strerror}; check its mode") from None


def table_of(config: Config) -> Table:
    """The routing table that the config asks for; nothing is overridden yet."""
    return Table(
        tiers={tier: config.tiers.of(tier) for tier in Tier},
        boundaries=config.classifier.boundaries,
        patterns=tuple(_pattern(row) for row in config.force),
        weights=config.classifier.weights or None,
    )


def _pattern(row: ForceConfig) -> ForcePattern:
    return ForcePattern(row.name, row.pattern, Tier[row.tier], row.enabled)


def _providers(config: Config) -> Iterator[Problem]:
    for name, row in config.providers.items():
        if not _PROVIDER_NAME.fullmatch(name):
            yield Problem(("providers", name), "must be named by letters, digits, . _ and - alone")
        if row.kind not in KINDS:
            hint = did_you_mean(row.kind, list(KINDS))
            yield Problem(("providers", name, "kind"), f"{row.kind!r} is not in the catalog{hint}")
        elif not (row.base_url or KINDS[row.kind].base_url or row.kind == "demo"):
            text = f'has no base_url, which kind {row.kind} needs; add base_url = "http://…"'
            yield Problem(("providers", name), text)
        if row.key and row.key_env:
            yield Problem(("providers", name, "key"), "can't stand beside key_env; keep one")


def _tiers(config: Config) -> Iterator[Problem]:
    rows: list[tuple[tuple[str | int, ...], Target]] = [
        (("tiers", tier.name), config.tiers.of(tier)) for tier in Tier
    ]
    for name, targets in config.tiers.fallback.items():
        rows += [(("tiers", "fallback", name, n), target) for n, target in enumerate(targets)]
    for path, target in rows:
        if target.provider not in config.providers:
            hint = did_you_mean(target.provider, list(config.providers))
            yield Problem(
                path, f"names provider {target.provider!r}, which is not configured{hint}"
            )


def _boundaries(config: Config) -> Iterator[Problem]:
    cuts = config.classifier.boundaries
    if len(cuts) != len(Tier) - 1 or list(cuts) != sorted(set(cuts)):
        text = "must be three numbers that rise, 0 to 100, e.g. [20, 51, 76]"
        yield Problem(("classifier", "boundaries"), text)


def _weights(config: Config) -> Iterator[Problem]:
    path, given = ("classifier", "weights"), config.classifier.weights
    known = [row.name for row in DIMENSIONS]
    for name in given.keys() - set(known):
        yield Problem((*path, name), f"is not a dimension{did_you_mean(name, known)}")
    absent = [name for name in known if name not in given]
    if given and absent:
        # A share left to the shipped weights would break the sum when those are tuned.
        yield Problem(path, f"must have all {len(known)}, or none; add {', '.join(absent)}")
    elif given and abs(sum(given.values()) - 1) > 1e-6:
        yield Problem(path, f"must sum to 1; they sum to {sum(given.values()):.4g}")


def _forces(config: Config) -> Iterator[Problem]:
    names: set[str] = set()
    for n, row in enumerate(config.force):
        if row.name in names:
            yield Problem(("force", n, "name"), f"{row.name!r} is taken; give each rule its own")
        names.add(row.name)
        try:
            compile_patterns([_pattern(row)], builtin=False)
        except ValueError as error:
            yield Problem(("force", n, "pattern"), f"is refused: {error}")


_CHECKS: Final[tuple[Callable[[Config], Iterator[Problem]], ...]] = (
    _providers,
    _tiers,
    _boundaries,
    _weights,
    _forces,
)
