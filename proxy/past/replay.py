"""An exchange sent once more, on a tier that a person picks, to compare the answers.

It takes the way of every exchange and is one of its own, of the class `replay`: no cache answers or
keeps it, and it is no turn of its session. Calls in its answer go to nobody.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from classifier.tiers import Tier
from proxy.answer.collect import json_object
from proxy.clients.outlet import ToNobody
from proxy.clients.reading import read
from proxy.dialects.assemble import assemble
from proxy.dialects.base import Dialect
from proxy.dialects.model import Answer, Broken, Request
from proxy.dialects.table import DIALECTS
from proxy.errors import ProxyError
from proxy.exchange import Exchange, Replay
from proxy.house import House
from proxy.ledger import history
from proxy.ledger.kept import texts_of
from proxy.ledger.old import record_of
from proxy.load import Place
from proxy.money.approval import ANSWER, load_of
from proxy.past.recent import Texts
from proxy.pipeline import Pipeline
from proxy.record import Record, fold
from proxy.routing.able import Needs
from proxy.routing.economy import Economy
from proxy.routing.table import Target
from proxy.sending.headers import credential_of

NOT_KEPT: Final = "the answer was not kept"
NO_KEY: Final = "is handed the client's own key, and that is not held any more"


class Offer(Struct, frozen=True):
    """A tier that could answer: its model, what that is likely to cost in dollars (None where no
    price is known), and why it can't be asked, empty where it can."""

    tier: Tier
    target: Target
    dollars: float | None
    why: str = ""


class Replayed(Struct, frozen=True):
    """A replay that has begun: the exchange that it is, and its texts as they come."""

    id: str
    texts: Texts


class Replays:
    """Finds texts, tells what a replay would cost, and sends it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pipeline = Pipeline(house)

    @property
    def keeps_text(self) -> bool:
        """Whether every exchange's text goes into the ledger."""
        return self._house.config.ledger.keep_text

    async def record(self, id: str) -> Record | None:
        """What is known of an exchange: lately, else by the ledger. Raises sqlite3.Error."""
        if events := self._house.lately.of(id):
            row = Record(id, events[0].at)
            for event in events:
                fold(row, event)
            return row
        told = await asyncio.to_thread(history.exchange, self._house.ledger_path, id)
        return record_of(told) if told else None

    async def texts(self, id: str) -> Texts | None:
        """What is held of an exchange in memory, else kept in the ledger; None where that is
        nothing. Raises sqlite3.Error on a damaged ledger."""
        held = self._house.recent.find(id)
        return held or await asyncio.to_thread(texts_of, self._house.ledger_path, id)

    async def offers(self, row: Record, texts: Texts) -> tuple[Offer, ...]:
        """The four tiers as they stand now. Raises BadRequest where the request is no request."""
        request = await asyncio.to_thread(read, texts.request, DIALECTS[texts.dialect])
        return tuple(self._offers(row, texts, request))

    def _offers(self, row: Record, texts: Texts, request: Request) -> Iterator[Offer]:
        house = self._house
        economy = Economy(house.prices, house.providers)
        load = load_of(request, row.usage.output or ANSWER)
        needs = Needs(Exchange(texts.request, texts.dialect, {}), request)
        for tier, target in house.routing.table.tiers.items():
            warm = (target.provider, target.model) == (row.provider, row.model)
            lack = needs.unmet(target, house)
            why = f"{target} {lack.what}" if lack and lack.sure else self._keyless(target, texts)
            yield Offer(tier, target, economy.coming(target, load, warm), why)

    def _keyless(self, target: Target, texts: Texts) -> str:
        row = self._house.config.providers.get(target.provider)
        if row is None or row.key != "client" or credential_of(texts.headers):
            return ""
        return f"{target.provider} {NO_KEY}"

    def begin(self, row: Record, texts: Texts, tier: Tier) -> Replayed:
        """Send the request of `row` to a tier. It ends as every exchange does, in an event.

        Raises Overloaded where too much is under way.
        """
        place = self._house.load.enter(len(texts.request))
        exchange = Exchange(
            texts.request,
            texts.dialect,
            dict(texts.headers),
            texts.path,
            texts.query,
            replay=Replay(row.id, tier, row.session, row.client),
        )
        sent = Replayed(exchange.id, replace(texts, answer=bytearray()))
        self._house.recent.follow(sent.id, sent.texts)
        self._house.tasks.spawn(self._run(exchange, sent, place), "replay")
        return sent

    async def _run(self, exchange: Exchange, sent: Replayed, place: Place) -> None:
        hold = self._house.recent.hold(exchange)

        def copy(data: bytes) -> None:
            sent.texts.answer.extend(data)
            if hold is not None:
                hold(data)

        with place:
            await self._pipeline.run(exchange, ToNobody(copy))


async def said(texts: Texts) -> Answer:
    """The answer in neutral form. Raises ProxyError, in a few words, where it is none."""
    if not texts.answer:
        raise ProxyError(NOT_KEPT)
    try:
        return await asyncio.to_thread(_said, bytes(texts.answer), DIALECTS[texts.dialect])
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ProxyError(f"it can't be read: {error!r}") from error


def _said(raw: bytes, dialect: Dialect) -> Answer:
    body = json_object(raw)
    if body is not None:
        if body.get("error"):
            raise ProxyError(dialect.read_error(0, raw))
        return dialect.read_answer(body)
    reader = dialect.reader()
    events = [*reader.feed(raw), *reader.close()]
    answer = assemble(events)
    if answer is None:
        broken = (event.message for event in events if isinstance(event, Broken))
        raise ProxyError(next(broken, "it broke off before it was whole"))
    return answer
