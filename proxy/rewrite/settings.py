"""What a user decides about rewrites."""

from typing import Literal

from msgspec import Struct

Level = Literal["off", "lossless", "balanced"]


class RewriteSettings(Struct, frozen=True, kw_only=True):
    """How far a rewrite may go on one route.

    `fixed_prefix` says that tools must stay as the first turn had them: Anthropic's own API refuses
    signed thinking that was made under fewer tools, and where a prompt is cached up to marks, a
    tool that joins later has all of it written anew.
    """

    strip: bool
    never: frozenset[str]  # names of tools that are never stripped
    level: Level
    fixed_prefix: bool
    whole: frozenset[str] = frozenset()  # names of tools whose results are sent as they came
