"""The catalog: one row a kind of provider, saying how its API is spoken to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from proxy.dialects.quirks import DEFAULT, Quirks

Auth = Literal["bearer", "x-api-key", "none"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One row. `base_url` is empty where the user must say it; paths are the dialect's own unless
    said; `key_env` is the variable looked at when the config names none."""

    dialect: str
    base_url: str = ""
    auth: Auth = "bearer"
    key_env: str = ""
    path: str = ""
    models_path: str = "/v1/models"
    headers: Mapping[str, str] = field(default_factory=dict)
    quirks: Quirks = DEFAULT
    own: bool = False  # the vendor's own API of its dialect: signed thinking, beta fields


_ANTHROPIC_VERSION = {"anthropic-version": "2023-06-01"}

# Servers that refuse an effort for a model that can't think; Claude Code always sends one.
_LOCAL = Quirks(effort_name="")

KINDS: dict[str, Kind] = {
    "anthropic": Kind(
        "anthropic",
        "https://api.anthropic.com",
        auth="x-api-key",
        key_env="ANTHROPIC_API_KEY",
        headers=_ANTHROPIC_VERSION,
        quirks=Quirks(efforts=("low", "medium", "high", "xhigh", "max")),
        own=True,
    ),
    "anthropic_compatible": Kind("anthropic", auth="x-api-key", headers=_ANTHROPIC_VERSION),
    "openai": Kind(
        "openai_chat",
        "https://api.openai.com",
        key_env="OPENAI_API_KEY",
        quirks=Quirks(
            max_tokens_name="max_completion_tokens",
            reasoning_models=("o1", "o3", "o4", "gpt-5"),
        ),
    ),
    "openai_compatible": Kind("openai_chat", quirks=_LOCAL),
    "openrouter": Kind("openai_chat", "https://openrouter.ai/api", key_env="OPENROUTER_API_KEY"),
    "ollama": Kind("openai_chat", "http://127.0.0.1:11434", auth="none", quirks=_LOCAL),
    "llamacpp": Kind("openai_chat", "http://127.0.0.1:8080", auth="none", quirks=_LOCAL),
    "lmstudio": Kind("openai_chat", "http://127.0.0.1:1234", auth="none", quirks=_LOCAL),
    "demo": Kind("anthropic", auth="none"),
}
