"""What is secret: by the name of a header or parameter, by how it looks, or because it went out."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_plus

MOST: Final = 500  # secrets remembered, in memory alone
SHORTEST: Final = 12  # characters; what is shorter is a placeholder, and would hide common words
INSTEAD: Final = "[secret]"

# How keys begin, whoever issued them.
LOOKS: Final = re.compile(r"\b(?:sk|gsk|xai|csk|fw|pk|AIza|dapi|ya29)[-_.]?[\w.-]{12,}")

# What says who the caller is.
NAMES: Final = frozenset(
    (
        "authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "x-goog-user-project",
        "chatgpt-account-id",
        "openai-organization",
        "openai-project",
    )
)
_NAMED: Final = re.compile(
    r"auth|secret|passw|credential|cookie|jwt|(?:api|access|private|subscription)[-_]?key"
    r"|(?:^|[-_])token$|(?:^|[-_])sig(?:nature)?$"
)
_KNOWN: dict[str, None] = {}  # the newest last


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether a header of this name, in lower case, says who the caller is."""
    return name in NAMES or bool(_NAMED.search(name))


def open_query(query: str) -> str:
    """A URL's query without the parameters that bear a secret."""
    return "&".join(pair for pair in query.split("&") if not _bears(pair)) if query else ""


def _bears(pair: str) -> bool:
    name = unquote_plus(pair.partition("=")[0]).lower()
    return name == "key" or is_secret(name)


def remember(values: Iterable[str]) -> None:
    """Hide these from now on, in whatever we say: they go to a provider, which may repeat them."""
    for value in values:
        bare = value.removeprefix("Bearer ").strip()
        if bare not in _KNOWN and len(bare) >= SHORTEST:
            if len(_KNOWN) >= MOST:
                del _KNOWN[next(iter(_KNOWN))]
            _KNOWN[bare] = None


def hidden(text: str) -> str:
    """`text` without any secret that is known."""
    for value in tuple(_KNOWN):
        if value in text:
            text = text.replace(value, INSTEAD)
    return text


def hidden_in(body: bytes) -> bytes:
    """The same for an upstream's refusal, which is otherwise handed on as it is."""
    for value in tuple(_KNOWN):
        raw = value.encode("utf-8", "surrogatepass")
        if raw in body:
            body = body.replace(raw, INSTEAD.encode())
    return body


def unlike_a_key(text: str) -> str:
    """`text` without known secrets, and without what looks like one."""
    return LOOKS.sub(INSTEAD, hidden(text))
