"""The findings in lines, in JSON, and as a report for bug reports that gives nothing away."""

import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from app.doctor.finding import LEVELS, Finding
from app.text import indented, plain
from proxy.config.load import Config, ConfigError, load
from proxy.secrets import INSTEAD, unlike_a_key

PACKAGES: Final = ("lynkr-tui", "aiohttp", "textual", "uvloop", "pydantic", "sqlite-utils")
_URL: Final = re.compile(r"(https?://)(?!127\.0\.0\.1|localhost|\[::1\])[^/\s:,;\"']+")
# A long run of letters and digits together may be a key as well.
_LONG: Final = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[a-zA-Z])[\w-]{32,}\b")


def line(finding: Finding) -> str:
    """`ok`, `warn` or `fail`, what was looked at, how it is, and the fix."""
    fix = f"; {finding.fix}" if finding.fix else ""
    return f"{finding.level:<5} {finding.what}: {plain(finding.said, 400)}{fix}"


def end(form: str | None, findings: Sequence[Finding], path: Path) -> str:
    """All of it as `json` or as a `report`; the sum alone where each was printed already."""
    if form == "json":
        return as_json(findings)
    return report(findings, path) if form == "report" else last(findings)


def last(findings: Sequence[Finding]) -> str:
    """How many findings there are of each level."""
    counts = [f"{sum(one.level == level for one in findings)} {level}" for level in LEVELS]
    return ", ".join(counts)


def as_json(findings: Sequence[Finding]) -> str:
    """`{"ok": …, "findings": […]}`, indented."""
    said = {"ok": not failed(findings), "findings": list(findings)}
    return indented(said)


def failed(findings: Iterable[Finding]) -> bool:
    """Whether anything has to be mended."""
    return any(one.level == "fail" for one in findings)


def report(findings: Sequence[Finding], path: Path) -> str:
    """Versions, the shape of the config and the findings: no key, no foreign host, no home."""
    lines = [
        *(f"{name} {_version(name)}" for name in PACKAGES),
        f"Python {platform.python_version()}, {platform.system()} {platform.release()} "
        f"{platform.machine()}, TERM={os.environ.get('TERM', '')}, "
        f"{'a terminal' if sys.stderr.isatty() else 'no terminal'}",
        *_shape(path),
        *(line(one) for one in findings),
    ]
    return "\n".join(map(discreet, lines))


def discreet(text: str) -> str:
    """`text` without what looks like a key, without the names of hosts, and without the home."""
    home = os.path.expanduser("~")
    text = text.replace(home, "~") if len(home) > 1 else text
    return _LONG.sub(INSTEAD, unlike_a_key(_URL.sub(r"\1[host]", text)))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _shape(path: Path) -> list[str]:
    """Kinds of providers and where their credentials come from, and the plain settings."""
    try:
        config = load(path)
    except ConfigError:
        return ["config: not loaded"]
    rows = [f"provider of kind {row.kind}: {_credential(row)}" for row in config.providers.values()]
    return [*rows, *_settings(config)]


def _credential(row: Any) -> str:
    told = {"key_env": row.key_env, "keyring": row.keyring, "key": row.key}
    return ", ".join(name for name, value in told.items() if value) or "no credential named"


def _settings(config: Config) -> list[str]:
    return [
        f"boundaries {list(config.classifier.boundaries)}, {len(config.force)} force-patterns",
        f"compression {config.compression.level}, tools stripped {config.tools.strip}, "
        f"cache exact {config.cache.exact} semantic {config.cache.semantic}",
    ]
