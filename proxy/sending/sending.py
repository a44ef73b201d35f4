"""Gets an answer for an exchange: tries again, falls back, lets a failing provider rest."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from proxy.dialects.base import ProviderDialect
from proxy.dialects.model import Broken, Request
from proxy.dialects.table import UPSTREAM_DIALECTS
from proxy.errors import BadRequest, NotSent, ProxyError, Resting, Upstream
from proxy.events import FellBack, Retried, RewriteRefused
from proxy.exchange import Exchange
from proxy.house import House
from proxy.providers.base import Call, Reply
from proxy.routing.able import able
from proxy.routing.table import Target
from proxy.secrets import hidden, hidden_in
from proxy.sending.retry import ELSEWHERE, Budget, passes, retry_after
from proxy.stages import prepare

PATIENCE = 270.0  # seconds: Claude Code gives up at 300, so no new try may outlast this
LONGEST_WHY = 200  # characters of a provider's own words in an event

Going = Callable[[Exchange], None]

REFUSALS: Final = (400, 422)

_STREAMS: Final = ("text/event-stream", "application/vnd.amazon.eventstream")
_FIELDS: Final = (b"data:", b"event:", b"id:", b"retry:", b":")  # how a stream begins by any name

# An error as the first event of a stream, by its type, as the status it stands for.
_STATUS: Final = {
    "overloaded_error": 529,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
}


class Opened(Struct):
    """An answer of which the client has had nothing yet, read up to its first byte: a stream is
    `opening` and then `chunks`, any other answer is whole in `body`."""

    reply: Reply
    dialect: ProviderDialect
    silence: float  # seconds that its provider may be silent in mid-stream
    opening: bytes = b""
    chunks: AsyncIterator[bytes] | None = None
    body: bytes = b""

    @property
    def status(self) -> int:
        return self.reply.status

    @property
    def headers(self) -> Mapping[str, str]:
        return self.reply.headers


class Trouble(Struct, frozen=True):
    """Why an answer is none: `passes` if the same call may succeed soon, `late` if waiting for it
    took long already, `after` the seconds that the provider asked to wait."""

    status: int
    why: str
    passes: bool = True
    late: bool = False
    after: float | None = None


class Outcome(Struct, frozen=True):
    """What a call came to: an answer or an error, and the trouble with it, if any."""

    answer: Opened | None = None
    error: ProxyError | None = None
    trouble: Trouble | None = None

    def given(self) -> Opened:
        """The answer, a refusal in the provider's own words included; else raises the error."""
        if self.answer is None:
            assert self.error is not None
            raise self.error
        return self.answer

    def close(self) -> None:
        if self.answer is not None:
            self.answer.reply.close()


class Sending:
    """One exchange's way to an answer. Nothing here has reached the client, so all may be tried
    again; once the first byte has left, nothing is. `going` is told of the exchange whenever it
    has another call to make."""

    def __init__(
        self, house: House, exchange: Exchange, request: Request, going: Going = lambda _: None
    ) -> None:
        assert exchange.decision is not None
        self._going = going
        self._house = house
        self._exchange = exchange
        self._request = request
        self._first = exchange.decision.target
        self._spare: deque[Target] | None = None  # fallbacks not tried yet; None: not looked at
        retry = house.config.retry
        self._budget = Budget(retry.times, retry.seconds)
        self._body = b""  # as it was last sent with its rewrites

    @property
    def target(self) -> Target:
        """Who is asked at present."""
        assert self._exchange.decision is not None
        return self._exchange.decision.target

    @property
    def fell_back(self) -> bool:
        return self.target != self._first

    async def run(self) -> Opened:
        """An answer, or the last refusal as it came.

        Raises Upstream where the provider asked last could not be reached or was too slow,
        Resting where none may be asked.
        """
        call = await self._call()
        outcome: Outcome | None = None
        if self._enter():
            outcome = await self._ask(call)
        while outcome is None or outcome.trouble:
            why = outcome.trouble.why if outcome and outcome.trouble else "it rests after failures"
            fallback = await self._fall_back(why)
            if fallback is None:
                break
            if outcome:
                outcome.close()
            outcome = await self._ask(fallback)
        if outcome is None:
            raise self._resting()
        given = outcome.given()
        return await self._as_it_came(given) if given.status in REFUSALS else given

    async def _as_it_came(self, refused: Opened) -> Opened:
        """The answer to the request as it came, where a rewrite may be what was refused."""
        house, place = self._house, (self._exchange.session, self.target)
        call = await self._call(rewrites=False)
        if call.body == self._body:
            return refused
        outcome = await self._attempt(call)
        if outcome.answer is None:
            return refused
        refused.reply.close()
        if outcome.answer.status < 400:
            why = refused.dialect.read_error(refused.status, refused.body)[:LONGEST_WHY]
            house.refusals.put(place, True)
            house.bus.publish(
                RewriteRefused(id=self._exchange.id, at=time.time(), target=self.target, why=why)
            )
        return outcome.answer

    async def _call(self, rewrites: bool = True) -> Call:
        exchange, house = self._exchange, self._house
        rewrites = rewrites and not house.refusals.peek((exchange.session, self.target))
        call = await prepare(exchange, self._request, house, house.bus.publish, rewrites)
        self._going(exchange)
        if rewrites:
            self._body = call.body
        return call

    def _enter(self) -> bool:
        return self._house.breakers.enter(self.target.provider)

    async def _ask(self, call: Call) -> Outcome:
        """Ask the present target, again where that may help; its breaker hears how it ended."""
        breakers, name = self._house.breakers, self.target.provider
        try:
            outcome = await self._attempt(call)
            while outcome.trouble and (wait := self._wait(outcome.trouble)) is not None:
                self._tell_retry(wait, outcome.trouble)
                outcome.close()
                await asyncio.sleep(wait)
                outcome = await self._attempt(call)
        except BaseException:
            breakers.left(name)
            raise
        self._judge(name, outcome)
        return outcome

    def _judge(self, name: str, outcome: Outcome) -> None:
        breakers = self._house.breakers
        if isinstance(outcome.error, NotSent):
            breakers.left(name)
        elif outcome.error or (outcome.trouble and outcome.trouble.status >= 500):
            breakers.failed(name, outcome.trouble.why if outcome.trouble else "")
        elif outcome.trouble or outcome.given().status >= 400:
            breakers.answered(name)
        else:
            breakers.succeeded(name)

    def _wait(self, trouble: Trouble) -> float | None:
        """Seconds to wait before the same call is made again; None where it had better not be."""
        limits = self._house.config.providers.get(self.target.provider)
        if not trouble.passes or limits is None:
            return None
        if self._house.breakers.standing(self.target.provider).state != "closed":
            return None  # a probe that failed has told enough
        if trouble.late:
            spent = self._exchange.elapsed() / 1000
            if self._fallbacks() or spent + limits.timeout.first_byte > PATIENCE:
                return None
        return self._budget.wait(trouble.after)

    async def _attempt(self, call: Call) -> Outcome:
        try:
            answer = await self._open(call)
        except NotSent as error:
            return Outcome(error=error, trouble=Trouble(error.status, error.message, passes=False))
        except Upstream as error:
            late = error.status == 504
            return Outcome(error=error, trouble=Trouble(error.status, error.message, late=late))
        return Outcome(answer, trouble=self._trouble(answer))

    async def _open(self, call: Call) -> Opened:
        """The answer up to its first byte. Raises Upstream: 504 where that takes too long."""
        provider = self._house.providers.get(self.target.provider)
        limits = self._house.config.providers[provider.name].timeout
        limit = limits.first_byte if call.stream else limits.silence
        answer: Opened | None = None
        try:
            async with asyncio.timeout(limit):
                reply = await provider.send(call)
                answer = Opened(reply, UPSTREAM_DIALECTS[provider.dialect], limits.silence)
                await self._begin(answer, call.stream)
        except TimeoutError:
            setting = "first_byte" if call.stream else "silence"
            raise Upstream(
                f"provider {provider.name} sent nothing within {limit:g} s; it may be overloaded, "
                f"or needs more: raise providers.{provider.name}.timeout.{setting}",
                504,
            ) from None
        finally:
            if answer and not (answer.opening or answer.body):
                answer.reply.close()
        return answer

    async def _begin(self, answer: Opened, streamed: bool) -> None:
        """Read up to the first byte of a stream, or all of an answer that is none."""
        kind = answer.headers.get("content-type", "")
        known = any(name in kind for name in _STREAMS)
        if answer.status >= 400 or not (known or (streamed and "json" not in kind)):
            said = await answer.reply.read()
            answer.body = said if answer.status < 400 else hidden_in(said)
            return
        chunks = answer.reply.chunks()
        opening = await anext(chunks, b"")
        if not known and not opening.lstrip().startswith(_FIELDS):
            answer.body = opening + b"".join([chunk async for chunk in chunks])
            return
        answer.chunks, answer.opening = chunks, opening
        if not opening:
            raise Upstream(f"{self.target} ended its stream before it began")

    def _trouble(self, answer: Opened) -> Trouble | None:
        status, headers = answer.status, answer.headers
        if status < 400:
            return self._broken(answer)
        soon = passes(status, headers)
        if not soon and not (status in ELSEWHERE and not self._callers_own()):
            return None
        said = answer.dialect.read_error(status, answer.body)[:LONGEST_WHY]
        return Trouble(status, f"{status} {said}", passes=soon, after=retry_after(headers))

    def _broken(self, answer: Opened) -> Trouble | None:
        """A stream that begins with an error is no better than an error."""
        if b'"error"' not in answer.opening[:LONGEST_WHY]:
            return None
        events = answer.dialect.reader(self._request).feed(answer.opening)
        for event in events[:1]:
            if isinstance(event, Broken) and event.type in _STATUS:
                status = _STATUS[event.type]
                return Trouble(status, f"{status} {hidden(event.message)}"[:LONGEST_WHY])
        return None

    def _callers_own(self) -> bool:
        """Whether the credential is the client's: then it must hear itself that it is refused."""
        row = self._house.config.providers.get(self.target.provider)
        return row is not None and row.key == "client"

    def _fallbacks(self) -> list[Target]:
        """Those of the tier that can do it and may be asked now. A model that the client insisted
        on has none."""
        if self._spare is None:
            assert self._exchange.decision is not None
            table, tier = self._house.routing.table, self._exchange.decision.tier
            chain = table.fallback.get(tier, ()) if self._first == table.tiers[tier] else ()
            others = tuple(target for target in chain if target != self._first)
            self._spare = deque(able(self._exchange, self._request, others, self._house))
        return [one for one in self._spare if self._house.breakers.ready(one.provider)]

    async def _fall_back(self, why: str) -> Call | None:
        """The call for the next fallback that may be asked and can be told; None without one."""
        decided = self._exchange.decision
        assert decided is not None
        for target in self._fallbacks():
            assert self._spare is not None
            self._spare.remove(target)
            step = f"{decided.target}: {why}; fell back to {target}"
            self._exchange.decision = replace(decided, target=target, steps=(*decided.steps, step))
            try:
                call = await self._call()
            except BadRequest:
                call = None
            if call is not None and self._enter():
                self._tell_fall_back(decided.target, why)
                self._budget.renew()
                return call
        self._exchange.decision = decided
        return None

    def _resting(self) -> Resting:
        standing = self._house.breakers.standing(self.target.provider)
        wait = max(round(standing.wait), 1)
        return Resting(
            f"provider {standing.provider} is overloaded or down, and is tried again in {wait} s; "
            f"last it said: {standing.why}",
            wait,
        )

    def _tell_retry(self, wait: float, trouble: Trouble) -> None:
        self._house.bus.publish(
            Retried(
                id=self._exchange.id,
                at=time.time(),
                target=self.target,
                wait=wait,
                why=trouble.why,
            )
        )

    def _tell_fall_back(self, source: Target, why: str) -> None:
        self._house.bus.publish(
            FellBack(
                id=self._exchange.id, at=time.time(), source=source, target=self.target, why=why
            )
        )
