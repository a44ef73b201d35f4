"""What a request asks of a model beyond words, and where it goes when its model can't do that."""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from classifier.tiers import Tier
from proxy.dialects.model import Image, Request, ToolResult, place_of
from proxy.dialects.table import UPSTREAM_DIALECTS
from proxy.errors import Unable
from proxy.exchange import Decision, Exchange
from proxy.house import House
from proxy.providers.catalog import KINDS, Kind
from proxy.routing.models import Facts, facts_of
from proxy.routing.table import Table, Target
from proxy.tokens.counter import estimate
from proxy.tokens.sections import estimate_request

RESERVED = 8_192  # tokens of a window kept for the answer, where the client allows more
SURE = 1.25  # an estimate by length is wrong by so much at worst


class Lack(Struct, frozen=True):
    """What a model can't do: in a few words, and as a client is told who can't be helped.

    `room` is how many tokens of input it takes, where that is what it lacks.
    """

    what: str
    told: str
    room: int = 0
    sure: bool = True  # False where the model might just do it


class Needs:
    """What one request needs; each is found out when first asked for."""

    def __init__(self, exchange: Exchange, request: Request) -> None:
        self._request = request
        self._size = len(exchange.raw)

    def unmet(self, target: Target, house: House) -> Lack | None:
        """What `target` lacks; None where it can, or nothing is known of it."""
        row = house.config.providers.get(target.provider)
        if row is None:
            return None
        facts = facts_of(target, house, self._request.model)
        if facts.window and (lack := self._too_long(target, facts, house)):
            return lack
        if not facts.images and self.image_at is not None:
            told = f"{self.image_at}: {target} takes no images"
            return Lack("takes no images", told)
        return self._unserved(target, KINDS[row.kind], facts.server_tools)

    @cached_property
    def tokens(self) -> int:
        """Input tokens, estimated by length."""
        return estimate_request(self._request)

    @cached_property
    def image_at(self) -> str | None:
        """Place of the first message with an image in it, None without."""
        for at, message in enumerate(self._request.messages):
            for block in message.blocks:
                inner = block.content if isinstance(block, ToolResult) else (block,)
                if any(isinstance(part, Image) for part in inner):
                    return place_of(at, message)
        return None

    @cached_property
    def essential(self) -> tuple[str, ...]:
        """Tools that run at the provider and without which the request makes no sense: where no
        other is offered, or the model must call it."""
        request, choice = self._request, self._request.tool_choice
        served = tuple(tool.name for tool in request.tools if tool.kind == "server")
        if served and len(served) < len(request.tools):
            forced = choice.name if choice and choice.mode == "tool" else ""
            return tuple(name for name in served if name == forced)
        return served

    def _too_long(self, target: Target, facts: Facts, house: House) -> Lack | None:
        window, asked = facts.window or 0, self._request.max_tokens or RESERVED
        room = max(window - min(asked, facts.output or asked, RESERVED), window // 2)
        ratio = house.calibration.factor(str(target))
        if estimate(self._size) * ratio <= room or self.tokens * ratio <= room:
            return None
        tokens = round(self.tokens * ratio)
        most = window if tokens > window else room
        return Lack(
            f"reads {most:,} tokens at most, and this is about {tokens:,}",
            f"prompt is too long: {tokens} tokens > {most} maximum",
            room,
            tokens > room * SURE,
        )

    def _unserved(self, target: Target, kind: Kind, served: bool) -> Lack | None:
        if not self.essential or (served and kind.dialect == self._request.dialect):
            return None
        left = UPSTREAM_DIALECTS[kind.dialect].dropped(self._request, kind.quirks)
        for name in self.essential:
            if not served or any(line.startswith(f"tool {name}:") for line in left):
                return Lack(f"has no {name} of its own", f"tools: {target} has no {name}")
        return None


def fitted(decision: Decision, exchange: Exchange, request: Request, house: House) -> Decision:
    """`decision`, or another tier's model where the chosen one can't; why stands in its steps.

    Raises Unable where none can, or the client, or a person who replays it, insisted on the one
    that can't.
    """
    needs, table = Needs(exchange, request), house.routing.table
    lack = needs.unmet(decision.target, house)
    if lack is None:
        return _noting(decision, request, house)
    if exchange.replay is not None or _insisted(decision, table):
        if lack.sure:
            raise Unable(f"{lack.told}; ask for another model")
        return decision
    roomiest, most = decision, lack
    for tier, target in _others(decision, table):
        found = needs.unmet(target, house)
        moved = _moved(decision, tier, target, lack)
        if found is None:
            return _noting(moved, request, house)
        if found.room > most.room:
            roomiest, most = moved, found
    if most.sure:
        raise Unable(f"{most.told}, and no model of another tier can take it")
    return roomiest


def able(
    exchange: Exchange, request: Request, targets: tuple[Target, ...], house: House
) -> list[Target]:
    """Those of `targets` that can do what the request asks for."""
    needs = Needs(exchange, request)
    return [target for target in targets if needs.unmet(target, house) is None]


def bent(kind: Kind, target: Target, request: Request, house: House) -> Kind:
    """The catalog's row with what is known of this one model: the most that it can write now."""
    facts = facts_of(target, house, request.model)
    limits = [facts.output, kind.quirks.max_tokens_limit, _left(facts.window, kind, request)]
    least = min((limit for limit in limits if limit), default=None)
    if facts.images == kind.quirks.images and (least is None or (request.max_tokens or 0) <= least):
        return kind
    return replace(kind, quirks=replace(kind.quirks, images=facts.images, max_tokens_limit=least))


def _left(window: int | None, kind: Kind, request: Request) -> int | None:
    """Tokens that a window has left for the answer: servers refuse a request that may not fit.

    None where it fits anyway, or the vendor's own models stop by themselves at the end of it.
    """
    asked = request.max_tokens or 0
    if not window or asked <= RESERVED or kind.own:
        return None
    return max(window - round(estimate_request(request) * SURE), RESERVED)


def _insisted(decision: Decision, table: Table) -> bool:
    """Whether the client named a model that its tier is not mapped to."""
    return decision.target != table.tiers[decision.tier]


def _others(decision: Decision, table: Table) -> Iterator[tuple[Tier, Target]]:
    """Where else it may go: up first, then to the tier's own fallbacks, then down."""
    for tier in Tier:
        if tier > decision.tier:
            yield tier, table.tiers[tier]
    for target in table.fallback.get(decision.tier, ()):
        yield decision.tier, target
    for tier in reversed(Tier):
        if tier < decision.tier:
            yield tier, table.tiers[tier]


def _moved(decision: Decision, tier: Tier, target: Target, lack: Lack) -> Decision:
    step = f"{decision.target} {lack.what}: re-routed to {tier.name}, {target}"
    return replace(decision, tier=tier, target=target, steps=(*decision.steps, step))


def _noting(decision: Decision, request: Request, house: House) -> Decision:
    """With a step for each tool that the provider can't be offered."""
    row = house.config.providers.get(decision.target.provider)
    if row is None or all(tool.kind != "server" for tool in request.tools):
        return decision
    kind = KINDS[row.kind]
    left = UPSTREAM_DIALECTS[kind.dialect].dropped(request, kind.quirks)
    steps = [f"not offered to {decision.target}: {x}" for x in left if x.startswith(_TOOL)]
    return replace(decision, steps=(*decision.steps, *steps)) if steps else decision


_TOOL: Final = "tool "
