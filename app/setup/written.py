"""The config as `init` writes it, with a line on what each part does."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.failure import Failure
from app.setup.found import Found
from app.setup.proposal import Choice
from classifier.tiers import Tier

LEVELS = {
    "off": "tool results go as they came",
    "lossless": "said in fewer tokens, and checked to come back whole",
}


def text_of(
    found: Sequence[Found], tiers: Mapping[Tier, Choice], level: str, semantic: bool = True
) -> str:
    """The TOML. Only the providers that a tier names are in it, and no key ever is."""
    used = {choice.target.split("/")[0] for choice in tiers.values()}
    parts = [_provider(one) for one in found if one.kind in used]
    rows = [
        f'{tier.name:<9} = "{choice.target}"{" " * max(44 - len(choice.target), 1)}# {choice.price}'
        for tier, choice in tiers.items()
    ]
    parts.append("\n".join(["# Which model answers what; edit it here or on the routing screen.",
                            "[tiers]", *rows]))  # fmt: skip
    parts.append(f'# {LEVELS[level]}; or: {", ".join(one for one in LEVELS if one != level)}\n'
                 f'[compression]\nlevel = "{level}"')  # fmt: skip
    parts.append(
        "# Answers to the very same request again; [cache] exact = false switches it off.\n"
        "[cache]\nexact = true"
    )
    return "\n\n".join(parts) + "\n"


def _provider(one: Found) -> str:
    lines = [f"[providers.{one.kind}]", f'kind = "{one.kind}"']
    if one.key:
        lines.append('key = "client"  # hands on your own sign-in, to its vendor alone')
    elif not one.local:
        lines.append(f'key_env = "{one.source}"')
    return "\n".join(lines)


def write(path: Path, text: str, force: bool) -> None:
    """Write it whole or not at all, for its owner alone. Raises Failure where one is there."""
    if path.exists() and not force:
        raise Failure(f"{path} is there already; --force writes over it, --dry-run only shows")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError as error:
        raise Failure(
            f"{path} can't be written: {error.strerror}; choose another with --config"
        ) from None
