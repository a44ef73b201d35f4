"""`[1m]` at the end of a model's name: Claude with a window of a million tokens."""

from collections.abc import Mapping

SUFFIX = "[1m]"
WINDOW = 1_000_000  # tokens
BETA = "context-1m-2025-08-07"  # as the vendor documents it for the models that need to be told
HEADER = "anthropic-beta"


def plain(model: str) -> str:
    """The name as the provider knows it."""
    return model.removesuffix(SUFFIX)


def is_long(*models: str) -> bool:
    """Whether one of the names, asked for or mapped to, wants the long window."""
    return any(model.endswith(SUFFIX) for model in models)


def with_beta(headers: Mapping[str, str]) -> dict[str, str]:
    """`headers` that ask for it, besides what they ask for already."""
    asked = [one.strip() for one in headers.get(HEADER, "").split(",") if one.strip()]
    return {**headers, HEADER: ",".join(asked if BETA in asked else [*asked, BETA])}
