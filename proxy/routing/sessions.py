"""Who is talking: the client's name, and the session that an exchange belongs to."""

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b

import orjson

from proxy.dialects.model import Block, Request, Text
from proxy.secrets import LOOKS

SESSION_HEADERS = (
    "x-lynkr-session",
    "x-claude-code-session-id",
    "session_id",
    "session-id",
    "conversation_id",
    "x-session-id",
    "x-opencode-session",
)

CLIENTS = (
    ("claude-cli", "claude-code"),
    ("claude-code", "claude-code"),
    ("codex", "codex"),
    ("cline", "cline"),
    ("continue", "continue"),
    ("opencode", "opencode"),
    ("qwencode", "qwen"),
    ("qwen", "qwen"),
    ("aider", "aider"),
    ("cursor", "cursor"),
    ("litellm", "litellm"),
)
# Cline and Continue send the user agent of the SDK that they are built on.
INTRODUCTIONS = (
    ("you are cline", "cline"),
    ("in the continue cli", "continue"),
    ("you are opencode", "opencode"),
)
LIBRARIES = (
    ("anthropic/", "anthropic-sdk"),
    ("asyncanthropic", "anthropic-sdk"),
    ("openai/", "openai-sdk"),
    ("asyncopenai", "openai-sdk"),
    ("curl", "curl"),
)

INTRODUCTION = 100  # characters at the start of a system prompt in which a client names itself
BILLING_HEADER = "x-anthropic-billing-header"

_ODD = re.compile(r"[^\x21-\x7e]+")
_LEGACY_USER = re.compile(r"_session_([0-9a-fA-F-]{8,})$")


def client_of(headers: Mapping[str, str], request: Request) -> str:
    """The client's short name from its user agent, or from how its system prompt introduces it;
    the agent's first word where neither is known."""
    agent = headers.get("user-agent", "").lower()
    if known := _named(agent, CLIENTS):
        return known
    opening = next(iter(_texts(request.system)), "")[:INTRODUCTION].lower()
    if known := _named(opening, INTRODUCTIONS) or _named(agent, LIBRARIES):
        return known
    return _ODD.sub("", agent.split("/")[0].split(" ")[0])[:20] or "unknown"


def _named(text: str, marks: Iterable[tuple[str, str]]) -> str:
    return next((name for mark, name in marks if mark in text), "")


def session_of(headers: Mapping[str, str], request: Request) -> str:
    """The session's id: what the client told, else a fingerprint of how it began."""
    return told_session(headers, request) or fingerprint(request)


def told_session(headers: Mapping[str, str], request: Request) -> str:
    """The session's id by a header, or by what the body says; "" where the client told none."""
    said = next((headers[name] for name in SESSION_HEADERS if headers.get(name)), "")
    return _tidy(said or _of_user(request.user) or _of_cache_key(request))


def fingerprint(request: Request) -> str:
    """A hash of the system prompt and the first user text: the same for every later turn."""
    first = next((m for m in request.messages if m.role == "user"), None)
    digest = blake2b(digest_size=8)
    for text in (*_texts(request.system), "\0", *(_texts(first.blocks) if first else ())):
        if not text.startswith(BILLING_HEADER):
            digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _texts(blocks: Iterable[Block]) -> Iterable[str]:
    return (block.text for block in blocks if isinstance(block, Text))


def _of_user(user: str) -> str:
    """Claude Code puts a JSON object, older versions a suffix, into `metadata.user_id`."""
    if user.startswith("{"):
        try:
            return str(orjson.loads(user).get("session_id") or "")
        except orjson.JSONDecodeError:
            return ""
    legacy = _LEGACY_USER.search(user)
    return legacy[1] if legacy else ""


def _of_cache_key(request: Request) -> str:
    key = request.body.get("prompt_cache_key")
    return key if isinstance(key, str) else ""


def _tidy(session: str) -> str:
    """What a client may call its session; a key by mistake is never shown."""
    text = _ODD.sub("", session)[:64]
    return blake2b(text.encode(), digest_size=8).hexdigest() if LOOKS.match(text) else text
