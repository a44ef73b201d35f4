"""The clients of a soak: each plays one plan and tells what it heard."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from tests.proxy.faults.talk import Got, heard
from tests.soak.plans import GOOD, LEAVE, Plan

PATIENCE = 30.0  # seconds for one exchange
GLANCE = 0.25  # seconds before a client leaves without a byte


@dataclass(frozen=True, slots=True)
class Told:
    """How an exchange went: its `id` where the client heard it, `amiss` where that is wrong.

    `rests` where it was told that the provider rests; `probe` where it heard the one failure that
    is tried again, but not where it was what a resting provider was tried with.
    """

    plan: Plan
    id: str = ""
    whole: bool = False
    cached: bool = False
    amiss: str = ""
    rests: bool = False
    probe: bool = False


async def play(plan: Plan, url: str, session: aiohttp.ClientSession) -> Told:
    """Ask, and judge what came. Never raises."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await (
                _leave(plan, url, session) if plan.kind in LEAVE else _ask(plan, url, session)
            )
    except Exception as error:
        return Told(plan, amiss=repr(error)[:300])


def _post(plan: Plan, url: str, session: aiohttp.ClientSession):
    headers = {"x-lynkr-tier": plan.tier, "x-lynkr-session": plan.session}
    return session.post(url + plan.path, data=plan.body, headers=headers)


async def _ask(plan: Plan, url: str, session: aiohttp.ClientSession) -> Told:
    async with _post(plan, url, session) as answer:
        said = await answer.read()
        got = heard(plan.dialect, plan.streamed, answer.status, answer.headers, said)
    id, cached = answer.headers["x-lynkr-request-id"], answer.headers["x-lynkr-cache"] == "exact"
    rests = got.status == 503 and "is tried again in" in got.error
    probe = got.status == 500 and plan.kind == "once"
    return Told(plan, id, got.whole, cached, "" if rests else _amiss(plan, got), rests, probe)


def _amiss(plan: Plan, got: Got) -> str:
    """What is wrong with it."""
    if got.whole == (plan.kind in GOOD):
        return "" if "lynkr-tui failed" not in got.error else got.error
    return f"{got.status} {got.error} {got.body[-200:]!r}"


async def _leave(plan: Plan, url: str, session: aiohttp.ClientSession) -> Told:
    if plan.kind == "early" or not plan.streamed:
        with suppress(TimeoutError):
            async with asyncio.timeout(GLANCE), _post(plan, url, session) as answer:
                return Told(plan, amiss=f"answered {answer.status} too early")
        return Told(plan)
    answer = await _post(plan, url, session)
    await answer.content.readany()
    answer.close()
    return Told(plan, answer.headers["x-lynkr-request-id"])
