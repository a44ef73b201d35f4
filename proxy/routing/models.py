"""What is known of a model: what it reads and writes at once, and whether it sees images."""

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from proxy.config.model import ModelConfig
from proxy.house import House
from proxy.providers.catalog import KINDS
from proxy.routing.long_context import WINDOW, is_long, plain
from proxy.routing.table import Target


class Facts(Struct, frozen=True):
    """Tokens that a model reads and writes together, and that it writes; None where unknown.
    `server_tools` is false where the config says that its provider runs none."""

    window: int | None = None
    output: int | None = None
    images: bool = True
    server_tools: bool = True


_SAYS_NOTHING: Final = ModelConfig()

# The most that a model writes, as its vendor documents it; asking for more is refused. The first
# that is found in a name counts.
_OUTPUTS: Final = tuple(
    (re.compile(pattern), tokens)
    for pattern, tokens in (
        (r"claude-3-5-|claude-3\.5-", 8_192),
        (r"claude-(3-7|3\.7|sonnet-4|haiku-4|opus-4[-.]5)(?!\d)", 64_000),
        (r"claude-opus-4(-[01]|\.1|-2025\d+)?(?![-.\d])", 32_000),
        (r"claude-3-", 4_096),
        (r"gpt-4o(?!\w)", 16_384),
        (r"gpt-4\.1", 32_768),
        (r"gpt-4-turbo|gpt-3\.5", 4_096),
        (r"(?:^|/)o[134](?:-|$)", 100_000),
    )
)


def facts_of(target: Target, house: House, asked: str = "") -> Facts:
    """What the config says of a model, then what is generally known. `asked` is the client's name
    for it, which may want the long window."""
    name, model = target.provider, plain(target.model)
    own = _own(house, target, model)
    kind = house.config.providers[name].kind
    window = own.window or house.prices.window(kind, model)
    if window and is_long(target.model, asked) and KINDS[kind].dialect == "anthropic":
        window = max(window, WINDOW)
    images = KINDS[kind].quirks.images if own.images is None else own.images
    return Facts(window, own.output or _output(model), images, own.server_tools)


def _own(house: House, target: Target, model: str) -> ModelConfig:
    rows = house.config.models
    if rows:
        for key in (str(target), f"{target.provider}/{model}", f"{target.provider}/*", model):
            if key in rows:
                return rows[key]
    return _SAYS_NOTHING


@lru_cache(1000)
def _output(model: str) -> int | None:
    return next((tokens for shape, tokens in _OUTPUTS if shape.search(model)), None)
