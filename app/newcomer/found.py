"""Looks for what a newcomer has: keys in the environment, servers on this machine, sign-ins.

Keys are found by the names of their variables; their values are only sent to their own vendor.
"""

import asyncio
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import aiohttp

from proxy.config_model import ProviderConfig
from proxy.providers.catalog import KINDS, local
from proxy.providers.http import new_session
from proxy.providers.probe import Probe, probe

LOCAL_SECONDS: Final = 0.5  # a server on this machine that takes longer is busy with other things
SECONDS: Final = 5.0
SERVERS: Final = tuple(kind for kind, row in local.ROWS.items() if row.base_url)
_HOST: Final = re.compile(r"(https?://)?[A-Za-z0-9.-]+(:\d{1,5})?/?")
_DUPLICATES: Final = ("openai_responses",)  # the same account in another dialect


@dataclass(frozen=True, slots=True)
class Account:
    """A provider that could go into a config, under the name of its kind. `why` says how it was
    found; `probe` what it answered."""

    kind: str
    why: str
    key_env: str = ""
    keyring: str = ""  # service/name
    client: bool = False  # it gets the caller's own credential
    base_url: str = ""
    probe: Probe = Probe(False)

    @property
    def name(self) -> str:
        return self.kind

    @property
    def local(self) -> bool:
        return KINDS[self.kind].auth == "none"

    @property
    def usable(self) -> bool:
        """Whether it answered, and took the credential or will take the caller's."""
        return self.probe.reached and (self.client or not self.probe.problem)

    def row(self) -> ProviderConfig:
        said = {"kind": self.kind, "base_url": self.base_url}
        said |= {"key_env": self.key_env, "keyring": self.keyring}
        said["key"] = "client" if self.client else ""
        return ProviderConfig.model_validate({name: text for name, text in said.items() if text})


@dataclass(frozen=True, slots=True)
class Found:
    """Accounts that were tried, and what else is worth a sentence."""

    accounts: tuple[Account, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def usable(self) -> list[Account]:
        return [one for one in self.accounts if one.usable]


async def look(
    env: Mapping[str, str],
    places: Iterable[tuple[str, str]] = (),
    rings: Mapping[str, str] | None = None,
) -> Found:
    """Everything there is; `places` are kinds and base URLs where the user says to look, `rings`
    the places in the keyring of kinds whose key is there."""
    wanted, rings = dict(places), rings or {}
    inside, notes = in_environment(env, wanted)
    kept = [
        Account(kind, "its key is in the keyring", keyring=ring) for kind, ring in rings.items()
    ]
    keys = [*kept, *(one for one in inside if one.kind not in rings)]
    signed, more = sign_ins(env, {one.kind for one in keys})
    named = {one.kind for one in (*keys, *signed)}
    told = [
        Account(kind, f"you said {url}", base_url=url)
        for kind, url in wanted.items()
        if kind not in named and kind not in SERVERS
    ]
    accounts = [*_placed((*keys, *signed), wanted), *told, *_servers(env, wanted)]
    async with new_session() as session:
        tried = await asyncio.gather(*(_tried(one, session, wanted) for one in accounts))
    return Found(tuple(one for one in tried if _worth(one, wanted)), (*notes, *more))


def in_environment(
    env: Mapping[str, str], places: Mapping[str, str]
) -> tuple[list[Account], list[str]]:
    """Kinds whose variable is set; a sentence for those that need more than a key."""
    accounts, notes = [], []
    for kind, row in KINDS.items():
        if not row.key_env or not env.get(row.key_env) or kind in _DUPLICATES:
            continue
        if (not row.base_url and kind not in places) or row.needs or "{" in row.base_url:
            notes.append(f"{row.key_env} is set: kind {kind} needs more, see docs/providers.md")
        else:
            accounts.append(Account(kind, f"{row.key_env} is set", key_env=row.key_env))
    return accounts, notes


def sign_ins(env: Mapping[str, str], keyed: set[str]) -> tuple[list[Account], list[str]]:
    """Claude Code's sign-in stands in for a key, handed on from the client. ChatGPT's is of use at
    ChatGPT's own address alone. The files are not read."""
    home = Path(env.get("HOME") or os.path.expanduser("~"))
    claude = Path(env.get("CLAUDE_CONFIG_DIR") or home / ".claude") / ".credentials.json"
    codex = Path(env.get("CODEX_HOME") or home / ".codex") / "auth.json"
    accounts, notes = [], []
    if "anthropic" not in keyed and (claude.is_file() or env.get("CLAUDE_CODE_OAUTH_TOKEN")):
        accounts.append(Account("anthropic", "Claude Code is signed in", client=True))
    if codex.is_file() and "openai" not in keyed:
        notes.append("Codex is signed in; a ChatGPT sign-in is no API key, so no tier can use it")
    return accounts, notes


def _placed(accounts: Iterable[Account], places: Mapping[str, str]) -> list[Account]:
    return [replace(one, base_url=places.get(one.kind, "")) for one in accounts]


def _servers(env: Mapping[str, str], places: Mapping[str, str]) -> list[Account]:
    """The servers of this machine, each on its usual port, or where the user says."""
    urls = {"ollama": _ollama(env.get("OLLAMA_HOST", ""))} | dict(places)
    return [
        Account(
            kind,
            f"it runs at {urls.get(kind) or KINDS[kind].base_url}",
            base_url=urls.get(kind, ""),
        )
        for kind in SERVERS
    ]


def _ollama(host: str) -> str:
    """Ollama's own variable, as a URL; empty where it names no address to call."""
    if not _HOST.fullmatch(host) or host.startswith("0.0.0.0"):
        return ""
    return host if "//" in host else f"http://{host if ':' in host else host + ':11434'}"


async def tried(account: Account, key: str = "") -> Account:
    """The account with what it answers now; `key` is one that was typed, and is kept nowhere."""
    async with new_session() as session:
        found = await probe(account.name, account.row(), session, SECONDS, key)
    return replace(account, probe=found)


async def _tried(
    account: Account, session: aiohttp.ClientSession, places: Mapping[str, str]
) -> Account:
    quick = account.local and account.kind not in places
    seconds = LOCAL_SECONDS if quick else SECONDS
    return replace(account, probe=await probe(account.name, account.row(), session, seconds))


def _worth(account: Account, places: Mapping[str, str]) -> bool:
    """A server that was only looked for is worth a word where it is there, and lists models."""
    if account.kind in SERVERS and account.kind not in places:
        return account.probe.models is not None
    return True
