"""Looks for what a newcomer has: keys in the environment, servers on this machine, sign-ins.

Keys are found by the names of their variables; their values are only sent to their own vendor.
"""

import asyncio
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import aiohttp
from msgspec import Struct, field
from msgspec.structs import replace

from app.newcomer.places import Said, how, known, lacking
from proxy.config.model import ProviderConfig
from proxy.providers.catalog import KINDS, local
from proxy.providers.http import new_session
from proxy.providers.probe import Probe, probe

LOCAL_SECONDS: Final = 0.5  # a server on this machine that takes longer is busy with other things
SECONDS: Final = 5.0
SERVERS: Final = tuple(kind for kind, row in local.ROWS.items() if row.base_url)
_DUPLICATES: Final = ("openai_responses",)  # the same account in another dialect


class Account(Struct, frozen=True):
    """A provider that could go into a config, under the name of its kind. `why` says how it was
    found; `probe` what it answered."""

    kind: str
    why: str
    key_env: str = ""
    keyring: str = ""  # service/name
    client: bool = False  # it gets the caller's own credential
    settings: Mapping[str, str] = field(default_factory=dict)  # base URL, region, project
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
        said = {"kind": self.kind, **self.settings}
        said |= {"key_env": self.key_env, "keyring": self.keyring}
        said["key"] = "client" if self.client else ""
        return ProviderConfig.model_validate({name: text for name, text in said.items() if text})


class Found(Struct, frozen=True):
    """Accounts that were tried, and what else is worth a sentence."""

    accounts: tuple[Account, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def usable(self) -> list[Account]:
        return [one for one in self.accounts if one.usable]


async def look(
    env: Mapping[str, str], said: Said | None = None, rings: Mapping[str, str] | None = None
) -> Found:
    """Everything there is; `said` is what the user says of kinds, base URLs for example, and
    `rings` the places in the keyring of kinds whose key is there."""
    said, rings = said or {}, rings or {}
    places = known(env, said)
    kept = [Account(kind, "its key is in the keyring", keyring=at) for kind, at in rings.items()]
    keys = [*kept, *(one for one in in_environment(env) if one.kind not in rings)]
    signed, more = sign_ins(env, {one.kind for one in keys})
    named = {one.kind for one in (*keys, *signed)}
    told = [Account(kind, _words(said[kind])) for kind in said if kind not in {*named, *SERVERS}]
    ready, lack = complete((*keys, *signed, *told), places)
    async with new_session() as session:
        accounts = [*ready, *_servers(places)]
        tried = await asyncio.gather(*(_tried(one, session, said) for one in accounts))
    return Found(tuple(one for one in tried if _worth(one, said)), (*lack, *more))


def in_environment(env: Mapping[str, str]) -> list[Account]:
    """Kinds whose variable is set."""
    return [
        Account(kind, f"{row.key_env} is set", key_env=row.key_env)
        for kind, row in KINDS.items()
        if row.key_env and env.get(row.key_env) and kind not in _DUPLICATES
    ]


def complete(accounts: Iterable[Account], places: Said) -> tuple[list[Account], list[str]]:
    """The accounts with what is said of their kinds; a sentence in place of one that lacks a
    setting without which it can't be reached."""
    ready, notes = [], []
    for one in accounts:
        settings = places.get(one.kind, {})
        if absent := lacking(one.kind, settings):
            notes.append(f"{one.why}; kind {one.kind} needs {how(one.kind, absent)} too")
        else:
            ready.append(replace(one, settings=settings))
    return ready, notes


def _words(settings: Mapping[str, str]) -> str:
    return f"you said {', '.join(settings.values())}"


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


def _servers(places: Said) -> list[Account]:
    """The servers of this machine, each on its usual port, or where the user says."""
    settings = {kind: places.get(kind, {}) for kind in SERVERS}
    return [
        Account(kind, f"it runs at {said.get('base_url', KINDS[kind].base_url)}", settings=said)
        for kind, said in settings.items()
    ]


async def tried(account: Account, key: str = "") -> Account:
    """The account with what it answers now; `key` is one that was typed, and is kept nowhere."""
    async with new_session() as session:
        found = await probe(account.name, account.row(), session, SECONDS, key)
    return replace(account, probe=found)


async def _tried(account: Account, session: aiohttp.ClientSession, said: Said) -> Account:
    quick = account.local and account.kind not in said
    seconds = LOCAL_SECONDS if quick else SECONDS
    return replace(account, probe=await probe(account.name, account.row(), session, seconds))


def _worth(account: Account, said: Said) -> bool:
    """A server that was only looked for is worth a word where it is there, and lists models."""
    if account.kind in SERVERS and account.kind not in said:
        return account.probe.models is not None
    return True
