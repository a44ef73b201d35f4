"""The dashboard on the terminal: from its first paint to its end, however that comes about."""

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.process.ending import end_with_terminal, end_within
from app.process.failure import Failure
from app.text import plain
from proxy.secrets import unlike_a_key

if TYPE_CHECKING:
    from app.services import DashboardServices

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def needs_terminal(otherwise: str) -> None:
    """Raises Failure where there is none, which says what to do."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # Textual draws on stderr
        raise Failure(f"the dashboard needs a terminal; {otherwise}")


async def show(services: "DashboardServices") -> BaseException | None:
    """Run the dashboard to its end; what broke it, or None."""
    from app.dashboard import Dashboard

    screen = Dashboard(services)
    on_signals(screen.exit)
    end_with_terminal(sys.stdin.fileno())
    await screen.run_async()
    return screen.failure


def broken(failure: BaseException, where: str = "") -> Failure:
    """What to say of a dashboard that broke; `where` says where the details are."""
    what = plain(unlike_a_key(f"{type(failure).__name__}: {failure}"), limit=300)
    return Failure(f"the dashboard broke: {what}{where}")


def on_signals(end: Callable[[], object]) -> None:
    """Call `end` on a signal to stop, and see to it that the process does."""

    def stop() -> None:
        end_within()
        end()

    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
