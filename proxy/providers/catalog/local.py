"""Servers on one's own machine, and any other that follows Chat Completions."""

from proxy.dialects.quirks import Quirks
from proxy.providers.catalog.kind import OPENAI_MARKS, Kind

# Servers that refuse an effort for a model that can't think; Claude Code always sends one.
_LOCAL = Quirks(effort_name="")

ROWS: dict[str, Kind] = {
    "openai_compatible": Kind("openai_chat", key_marks=OPENAI_MARKS, quirks=_LOCAL),
    "ollama": Kind("openai_chat", "http://127.0.0.1:11434", auth="none", quirks=_LOCAL),
    "llamacpp": Kind("openai_chat", "http://127.0.0.1:8080", auth="none", quirks=_LOCAL),
    "lmstudio": Kind("openai_chat", "http://127.0.0.1:1234", auth="none", quirks=_LOCAL),
    "vllm": Kind("openai_chat", "http://127.0.0.1:8000", auth="none", quirks=_LOCAL),
}
