"""Approval: a request that is likely to cost more than a person wants waits for that person."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from proxy.config.model import ApprovalConfig
from proxy.dialects.model import Request
from proxy.errors import ProxyError
from proxy.events import ApprovalAsked, ApprovalGiven, Event
from proxy.exchange import Exchange
from proxy.routing.economy import Economy, Load
from proxy.tokens.sections import estimate_request

ANSWER: Final = 500  # tokens, that an answer is reckoned with

Tell = Callable[[Event], None]


class Refused(ProxyError):
    """A person said no."""

    status = 402


class Approvals:
    """Which exchanges wait. Nothing does while `on` is false, and nothing waits for long: where
    nobody says anything, an exchange goes on."""

    def __init__(self) -> None:
        self._on = False
        self._waiting: dict[str, asyncio.Future[bool]] = {}  # by exchange, the oldest first

    @property
    def on(self) -> bool:
        return self._on

    @property
    def waiting(self) -> tuple[str, ...]:
        """The ids of the exchanges that wait, the oldest first."""
        return tuple(self._waiting)

    def switch(self, on: bool) -> None:
        """Ask from now on, or no more; then all that wait may go."""
        self._on = on
        for id in () if on else self.waiting:
            self.decide(id, True)

    def decide(self, id: str, go: bool) -> bool:
        """Let an exchange go, or refuse it; False where it does not wait."""
        answer = self._waiting.get(id)
        if answer is None or answer.done():
            return False
        answer.set_result(go)
        return True

    async def let_pass(
        self,
        exchange: Exchange,
        request: Request,
        config: ApprovalConfig,
        economy: Economy,
        tell: Tell,
    ) -> None:
        """Wait for a person's word where the price asks for it. Raises Refused."""
        if not self._on or config.dollars is None:
            return
        dollars = likely(exchange, request, economy)
        if dollars is not None and dollars > config.dollars:
            await self._ask(exchange, dollars, config, tell)

    async def _ask(
        self, exchange: Exchange, dollars: float, config: ApprovalConfig, tell: Tell
    ) -> None:
        answer = self._waiting[exchange.id] = asyncio.get_running_loop().create_future()
        above = config.dollars or 0.0
        tell(ApprovalAsked(id=exchange.id, at=time.time(), dollars=dollars, above=above))
        try:
            async with asyncio.timeout(config.seconds):
                go = await answer
        except TimeoutError:
            go = True
        finally:
            self._waiting.pop(exchange.id, None)
        if not go:
            said = f"it is likely to cost ${dollars:.2f}, more than [approval] dollars = {above:g}"
            raise Refused(f"{said}, and the person at the dashboard refused it")
        tell(ApprovalGiven(id=exchange.id, at=time.time()))


def likely(exchange: Exchange, request: Request, economy: Economy) -> float | None:
    """Dollars that a request is likely to cost at the model that it is routed to; None where no
    price is known. A conversation under way is reckoned to be in the provider's prompt cache."""
    assert exchange.decision is not None
    warm = any(message.role == "assistant" for message in request.messages)
    return economy.coming(exchange.decision.target, load_of(request), warm)


def load_of(request: Request, answer: int = ANSWER) -> Load:
    """The tokens of a request by length, its last message as what is new, and of an answer."""
    whole = estimate_request(request)
    last = estimate_request(replace(request, messages=request.messages[-1:], system=[], tools=[]))
    return Load(whole - last, last, answer)
