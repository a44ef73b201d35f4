"""What a user decides about rewrites."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["off", "lossless", "balanced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteSettings:
    """How far a rewrite may go on one route.

    `fixed_prefix` says that the upstream binds what it gave to the exact tools it was given:
    Anthropic's own API, where signed thinking made under fewer tools is refused under more.
    """

    strip: bool
    never: frozenset[str]  # names of tools that are never stripped
    level: Level
    fixed_prefix: bool
