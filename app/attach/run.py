"""Attaches: asks the proxy who it is, opens the dashboard on it, and follows it to the end."""

from collections import deque
from importlib.metadata import version
from pathlib import Path
from typing import Final

import uvloop

from app.attach.address import in_the_clear
from app.attach.far import Far, FarError
from app.attach.hearing import Hearing
from app.attach.holds import FarCached, FarGate, FarUpstreams, FarWhole
from app.attach.hub import Hub
from app.attach.link import Link
from app.attach.past import FarPast
from app.attach.replay import FarReplayer
from app.attach.routing import PATH, FarRouting, told
from app.attach.what_if import FarWhatIf
from app.process import logs
from app.process.failure import Failure
from app.services import DashboardServices
from app.showing import broken, needs_terminal, show
from app.theme import THEMES, named
from proxy.bus import Bus
from proxy.providers.http import new_session
from proxy.tasks import Tasks

OURS: Final = "lynkr-tui"


def attach(url: str, token: str, variable: str) -> None:
    """Show the dashboard of the proxy at `url`; the token came from `variable`. Raises Failure."""
    needs_terminal("`lynkr-tui history` and GET /lynkr/events tell without one")
    uvloop.run(_attach(url, token, variable))


async def _attach(url: str, token: str, variable: str) -> None:
    lines, tasks = logs.in_memory(), Tasks()
    async with new_session() as session:
        try:
            failure = await show(await services(Far(url, session, token, variable), tasks, lines))
        except FarError as error:
            raise Failure(str(error)) from None
        finally:
            await tasks.end()
    if failure is not None:
        raise broken(failure)


async def services(far: Far, tasks: Tasks, lines: deque[str]) -> DashboardServices:
    """What the dashboard is given; `tasks` follow the proxy from now on. Raises FarError."""
    hub, bus = Hub(far, tasks), Bus()
    await _greet(hub)
    routing = FarRouting(hub, told(await far.ask("GET", PATH)))
    hearing = Hearing(bus, routing.adopt, lambda count: hub.say(_missed(count)))
    link, upstreams = Link(hub, hearing, routing), FarUpstreams(hub)
    tasks.spawn(link.run(), "event stream")
    tasks.spawn(link.keep_state(), "state")
    return DashboardServices(
        bus=bus,
        routing=routing,
        save=routing.save,
        past=FarPast(hub),
        base_url=far.url,
        log_lines=lines,
        version=hub.state.version,
        config_path=Path(hub.state.config) if hub.state.config else None,
        providers=upstreams.models,
        upstreams=upstreams,
        cached=FarCached(hub),
        gate=FarGate(hub),
        whole=FarWhole(hub),
        what_if=FarWhatIf(hub),
        replays=FarReplayer(hub),
        keeps_text=lambda: hub.state.keeps_text,
        theme=_theme(named(hub.state.theme)),
        budgets=lambda: hub.state.budgets,
        keys=hub.state.keys,
        link=link,
    )


async def _greet(hub: Hub) -> None:
    """Learn the state, and say what a person should know of it. Raises FarError."""
    try:
        await hub.refresh()
    except FarError as error:
        if error.status == 404 and await _is_older(hub.far):
            fix = "bring it up to date"
            raise FarError(
                f"{hub.far.url} is a lynkr-tui that can't be attached to; {fix}"
            ) from None
        raise
    if hub.far.shows_token and (host := in_the_clear(hub.far.url)):
        hub.say(f"http:// is not encrypted: who is on the way to {host} can read the token")
    theirs, ours = hub.state.version, version(OURS)
    if theirs != ours:
        hub.say(f"The proxy is {OURS} {theirs}, this is {ours}: what one does not know is left out")


async def _is_older(far: Far) -> bool:
    try:
        return "uptime_seconds" in await far.ask("GET", "/lynkr/health")
    except FarError:
        return False


def _theme(name: str) -> str:
    """A theme that this build has; a newer proxy may name another."""
    return name if any(one.name == name for one in THEMES) else ""


def _missed(count: int) -> str:
    return f"{count:,} events were missed: they came faster than this side took them"
