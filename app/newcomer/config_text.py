"""A config in words: the accounts, the tiers with their prices beside them, and what each setting
does, for its owner to read and change."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

import orjson

from app.newcomer.found import Account
from app.newcomer.models import Choice
from classifier.tiers import Tier

COMPRESSIONS: Final[Mapping[str, str]] = {
    "off": "tool results go on as they came",
    "lossless": "tool results are said in fewer tokens, and nothing in them is lost",
    "balanced": "long results are cut too; what was cut can be recalled, but the model must ask",
}
CACHES: Final[Mapping[str, tuple[str, bool, bool]]] = {
    "off": ("every request is asked anew", False, False),
    "exact": ("an equal request that needs no tools gets its answer again", True, False),
    "semantic": ("a reworded one too, where that can be defended; a few may be wrong", True, True),
}
_COLUMN: Final = 48  # where comments begin


def config_text(
    accounts: Iterable[Account],
    tiers: Mapping[Tier, Choice],
    compression: str,
    cache: str,
    kept: Collection[str] = (),
) -> str:
    """A whole config, with the accounts that a tier uses and those that are `kept`. Keys stand in
    it by the names of their variables, or of their places in the keyring, alone."""
    used = {one.target.provider for one in tiers.values()} | set(kept)
    blocks = [_provider(one) for one in accounts if one.name in used]
    said, exact, semantic = CACHES[cache]
    settings = [
        _setting("[classifier]"),
        _setting("boundaries = [20, 51, 76]", "where MEDIUM, COMPLEX and REASONING begin"),
        "",
        _setting("[compression]"),
        _setting(f'level = "{compression}"', COMPRESSIONS[compression]),
        "",
        _setting("[cache]", said),
        _setting(f"exact = {str(exact).lower()}"),
        _setting(f"semantic = {str(semantic).lower()}"),
    ]
    head = [
        "# Written by `lynkr-tui init`. Edit it freely: a change is in force within a second.",
        "# Every setting: docs/configuration.md",
        "",
    ]
    return "\n".join(
        [*head, *(line for block in blocks for line in block), *_tiers(tiers), *settings, ""]
    )


def _provider(account: Account) -> list[str]:
    lines = [_setting(f"[providers.{account.name}]", account.why), f'kind = "{account.kind}"']
    lines += [f"{name} = {_quoted(value)}" for name, value in account.settings.items()]
    if account.client:
        lines.append(_setting('key = "client"', "the caller's own sign-in is handed on"))
    elif account.keyring:
        place = f"keyring = {_quoted(account.keyring)}"
        lines.append(_setting(place, "service/name in the system's keyring"))
    elif account.key_env:
        lines.append(_setting(f'key_env = "{account.key_env}"', "the variable that has the key"))
    return [*lines, ""]


def _tiers(tiers: Mapping[Tier, Choice]) -> list[str]:
    rows = [
        _setting(f"{tier.name} = {_quoted(str(tiers[tier].target))}", tiers[tier].price)
        for tier in Tier
    ]
    return ["[tiers]", *rows, ""]


def _quoted(text: str) -> str:
    """A TOML string; JSON's escapes are TOML's too."""
    return orjson.dumps(text).decode()


def _setting(line: str, comment: str = "") -> str:
    return f"{line + ' ':<{_COLUMN}}# {comment}" if comment else line
