"""The config file: read, checked, and turned into the routing table that it asks for."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from classifier.tiers import Tier
from proxy.config.checks import problems
from proxy.config.model import Config, ProviderConfig
from proxy.config.names import upgraded
from proxy.config.problems import ConfigError, bad_syntax, refuse, told_by
from proxy.routing.table import Table

__all__ = ["Config", "ConfigError", "ProviderConfig", "load", "parse", "read_text", "table_of"]


def load(path: Path) -> Config:
    """Read and check the file at `path`. ConfigError says what is wrong, where, and the fix."""
    return parse(read_text(path), str(path))


def parse(text: str, where: str = "config") -> Config:
    """The config in a TOML text that came from `where`, old names included. ConfigError as for
    `load`."""
    text = upgraded(text).text
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise bad_syntax(where, text, error) from None
    try:
        config = Config.model_validate(body)
    except ValidationError as error:
        raise refuse(where, text, told_by(error, Config)) from None
    if wrong := problems(config):
        raise refuse(where, text, wrong)
    return config


def read_text(path: Path) -> str:
    """The file's text. ConfigError where it can't be read, or is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        fix = "`lynkr-tui init` writes one; or name another with --config"
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
        patterns=tuple(row.rule() for row in config.force),
        weights=config.classifier.weights or None,
        fallback={Tier[name]: chain for name, chain in config.tiers.fallback.items()},
    )
