"""A list of tools, made ready to be asked what a turn may need of it; each list once."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from proxy.dialects.model import Tool
from proxy.memo import Memo
from proxy.rewrite.choice.compact import compact
from proxy.rewrite.choice.families import MCP, OTHER, family_of, is_coding
from proxy.rewrite.choice.line import line_of
from proxy.rewrite.choice.named import finder
from proxy.rewrite.choice.needs import ALWAYS, CORE, is_small_talk, needs_of
from proxy.rewrite.choice.relevance import Index
from proxy.tokens.counter import estimate

SMALL: Final = 45  # tokens: a tool below it costs little more than its line
CHARS_PER_TOKEN: Final = 4.4  # of a schema, counted over many
WORTH: Final = 20  # tokens that a tool's going must save beyond its line
_SMALL_UNKNOWN: Final = 120  # tokens below which a coding agent's unknown tool stays
_SURE: Final = 4.0  # a score from which words speak of one tool among a coding agent's

_OWN: Final = "lynkr_"

_offers = Memo["Offer"](200)


class Offer:
    """What is known of a list of tools: families, sizes, words, and a line about each.

    `cost` is what all schemas take as they came, `costs` what each takes compacted, in tokens.
    `bound` are the names of those that may not go, `spaced` pairs of name and namespace. None may
    go where one is `foreign`: loaded by its client's own ways, or named like one of the proxy's.
    """

    def __init__(self, tools: Sequence[Tool], key: int) -> None:
        self.key = key
        self.count = len(tools)
        self.names = frozenset(tool.name for tool in tools)
        self.bound = frozenset(tool.name for tool in tools if _is_bound(tool))
        self.spaced = tuple((tool.name, space) for tool in tools if (space := _space(tool)))
        self.foreign = any(map(_is_foreign, tools))
        self._coding = is_coding(tools)
        self._tools = [(tool.name, family_of(tool, self._coding)) for tool in tools]
        self._families = {family for _, family in self._tools}
        self._sizes = [_tokens(tool) for tool in tools]
        self.lines = {tool.name: line_of(tool) for tool in tools}
        self.gains = {
            tool.name: size - len(self.lines[tool.name]) / CHARS_PER_TOKEN
            for tool, size in zip(tools, self._sizes, strict=True)
        }
        self._compact = [made if (made := compact(tool)) is not tool else None for tool in tools]
        self.cost = cost(tools)
        self.costs = {
            tool.name: cost((made or tool,))
            for tool, made in zip(tools, self._compact, strict=True)
        }
        self._stay = frozenset(
            name
            for (name, family), size in zip(self._tools, self._sizes, strict=True)
            if size < SMALL or family in ALWAYS or self.gains[name] < WORTH
        )
        self._index = Index(tools)
        self._named = finder(tools)

    def compacted(self, tools: list[Tool]) -> list[Tool]:
        """`tools`, of which this is the offer, compacted; the same list where all were compact."""
        if not any(self._compact):
            return tools
        return [made or tool for tool, made in zip(tools, self._compact, strict=True)]

    def needed(self, meant: str, said: str, fixed: bool) -> frozenset[str]:
        """The tools that a turn may need: `said` are its words, `meant` what they refer to too."""
        named = {self._tools[number][0] for number in self._named(said)}
        found = self._of_families(meant, fixed) if self._coding else self._of_words(meant, fixed)
        return self._stay | named | found

    def _of_words(self, text: str, fixed: bool) -> frozenset[str]:
        if is_small_talk(text):
            return self.names if fixed else frozenset()
        found = self._index.relevant(text)
        return frozenset(
            name for n, (name, _) in enumerate(self._tools) if found is None or n in found
        )

    def _of_families(self, text: str, fixed: bool) -> frozenset[str]:
        needs = needs_of(text, fixed)
        if not needs:
            return frozenset()
        if not self._families >= CORE:  # one may have to stand in for another
            needs |= CORE
        spoken = self._index.spoken(text, _SURE)
        return frozenset(
            name
            for n, (name, family) in enumerate(self._tools)
            if family in needs
            or (family in (MCP, OTHER) and n in spoken)
            or (family == OTHER and self._sizes[n] < _SMALL_UNKNOWN)
        )


def offer_of(tools: Sequence[Tool], key: int) -> Offer:
    """The offer of these tools, whose print is `key`; of a list seen before, the one made then."""
    return _offers.get(key, lambda: Offer(tools, key))


def cost(tools: Iterable[Tool]) -> int:
    """Tokens of their schemas, estimated."""
    wire = (tool.raw or (tool.name, tool.description, tool.schema) for tool in tools)
    return sum(estimate(len(_dumped(one))) for one in wire)


def _is_bound(tool: Tool) -> bool:
    """A cache mark stays with its tool: what the client meant to be cached ends there."""
    return tool.kind == "server" or "cache_control" in tool.raw


def _is_foreign(tool: Tool) -> bool:
    return "defer_loading" in tool.raw or tool.name.startswith(_OWN)


def _space(tool: Tool) -> str:
    space = tool.raw.get("namespace")
    return space if isinstance(space, str) else ""


def _tokens(tool: Tool) -> int:
    told = (tool.name, tool.description, tool.schema, tool.kind)
    return round((len(_dumped(told)) + len("input_schema")) / CHARS_PER_TOKEN)


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # nested too deep to be written
        return repr(value).encode()
