"""The program ends when it is told to, even where a terminal that is gone would hold it up."""

import os
import select
import threading
import time

GRACE = 2.5  # seconds; a proper end takes less


def end_within(seconds: float = GRACE) -> None:
    """End the process after `seconds`, whatever still holds it: a last resort, in a thread of its
    own. The ledger writes at once what ends, so nothing that was completed is lost."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()


def end_with_terminal(fd: int) -> None:
    """End the process soon after the terminal at `fd` is gone.

    A loop that is stuck in a write to it hears no signal, so a thread waits for the hang-up.
    """
    threading.Thread(target=_wait_for_hang_up, args=(fd,), name="terminal", daemon=True).start()


def _wait_for_hang_up(fd: int) -> None:
    poll = select.poll()
    poll.register(fd, 0)  # a hang-up is told unasked
    while not any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
        time.sleep(GRACE)  # noqa: TID251  # not the loop's thread
    end_within()
