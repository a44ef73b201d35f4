"""Providers that speak Messages: Anthropic, the clouds that serve Claude, and anything alike."""

from msgspec.structs import replace

from proxy.dialects.quirks import Quirks
from proxy.providers.catalog.kind import Kind

_VERSION = {"anthropic-version": "2023-06-01"}
_CLAUDE = Quirks(efforts=("low", "medium", "high", "xhigh", "max"), signed_thinking=True)
_MARKS = ("sk-ant-",)

ROWS: dict[str, Kind] = {
    "anthropic": Kind(
        "anthropic",
        "https://api.anthropic.com",
        auth="x-api-key",
        key_env="ANTHROPIC_API_KEY",
        key_marks=_MARKS,
        headers=_VERSION,
        quirks=_CLAUDE,
        own=True,
        home=True,
    ),
    "anthropic_compatible": Kind("anthropic", auth="x-api-key", key_marks=_MARKS, headers=_VERSION),
    # platform.claude.com, "Claude in Microsoft Foundry": https://NAME.services.ai.azure.com/anthropic
    "azure_anthropic": Kind(
        "anthropic",
        auth="x-api-key",
        key_env="ANTHROPIC_FOUNDRY_API_KEY",
        models_path="",
        headers=_VERSION,
        quirks=_CLAUDE,
        own=True,
    ),
    # The model stands in the URL and the version in the body; the token is a Google access token
    # (`gcloud auth print-access-token`). Addresses as in Anthropic's own SDK.
    "vertex": Kind(
        "anthropic",
        "https://{region}-aiplatform.googleapis.com",
        base_urls={
            "global": "https://aiplatform.googleapis.com",
            "us": "https://aiplatform.us.rep.googleapis.com",
            "eu": "https://aiplatform.eu.rep.googleapis.com",
        },
        key_env="GOOGLE_OAUTH_ACCESS_TOKEN",
        key_marks=("ya29.",),
        path="/v1/projects/{project}/locations/{region}/publishers/anthropic/models/{model}"
        ":rawPredict",
        stream_path="/v1/projects/{project}/locations/{region}/publishers/anthropic/models/{model}"
        ":streamRawPredict",
        models_path="",
        body={"anthropic_version": "vertex-2023-10-16"},
        quirks=replace(_CLAUDE, refuses=frozenset({"model"})),
        own=True,
    ),
    "demo": Kind("anthropic", auth="none"),
}
