"""What an account needs beside its key: a base URL, a region, a project. Its user says it, or the
variables do that the vendors' own tools read."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import ValidationError

from proxy.config.model import ProviderConfig
from proxy.providers.bedrock import REGIONS
from proxy.providers.catalog import KINDS

Said = Mapping[str, Mapping[str, str]]  # by kind: settings of its account, and their values

OPTIONS: Final = {"base_url": "--at", "region": "--region", "project": "--project"}
WORDS: Final = {"base_url": "base URL", "region": "region", "project": "project"}

_VARIABLES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "vertex": {
        "region": ("CLOUD_ML_REGION", "GOOGLE_CLOUD_LOCATION"),
        "project": ("ANTHROPIC_VERTEX_PROJECT_ID", "GOOGLE_CLOUD_PROJECT"),
    },
    "bedrock": {"region": REGIONS},
    "azure_openai": {"base_url": ("AZURE_OPENAI_ENDPOINT",)},
    "azure_anthropic": {"base_url": ("ANTHROPIC_FOUNDRY_BASE_URL",)},
    "databricks": {"base_url": ("DATABRICKS_HOST",)},
}
_HOST: Final = re.compile(r"(https?://)?[A-Za-z0-9.-]+(:\d{1,5})?/?")


def known(env: Mapping[str, str], said: Said) -> Said:
    """All that is said of each kind; what `env` says stands below what the user does."""
    kinds = {*said, *_VARIABLES, "ollama"}
    return {kind: {**dict(_in_variables(kind, env)), **said.get(kind, {})} for kind in kinds}


def lacking(kind: str, settings: Mapping[str, str]) -> list[str]:
    """The settings without which no account of this kind can be reached."""
    row = KINDS[kind]
    wanted = [] if row.base_url or kind == "demo" else ["base_url"]
    in_base = not settings.get("base_url") and "{region}" in row.base_url
    wanted += ["region"] * ("region" in row.needs or in_base)
    wanted += ["project"] * ("project" in row.needs)
    return [name for name in wanted if not settings.get(name)]


def how(kind: str, absent: list[str]) -> str:
    """The options that say what is absent: `--region vertex=… --project vertex=…`."""
    return " ".join(f"{OPTIONS[name]} {kind}=…" for name in absent)


def _in_variables(kind: str, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What would make no good setting is passed over."""
    if kind == "ollama" and (url := _ollama(env.get("OLLAMA_HOST", ""))):
        yield "base_url", url
    for setting, names in _VARIABLES.get(kind, {}).items():
        value = next((env[name] for name in names if env.get(name)), "")
        if value and not wrong(kind, {setting: value}):
            yield setting, value


def wrong(kind: str, settings: Mapping[str, str]) -> str:
    """The first setting that is not well formed; empty where all are."""
    try:
        ProviderConfig.model_validate({"kind": kind, **settings})
    except ValidationError as error:
        return str(error.errors()[0]["loc"][0])
    return ""


def _ollama(host: str) -> str:
    """Ollama's own variable, as a URL; empty where it names no address to call."""
    if not _HOST.fullmatch(host) or host.startswith("0.0.0.0"):
        return ""
    return host if "//" in host else f"http://{host if ':' in host else host + ':11434'}"
