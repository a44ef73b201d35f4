"""A proxy kept by another process: it ends when that one does, however it ends."""

import os
import signal
import sys
import threading


def main() -> None:
    """Run the command line, until stdin closes."""
    threading.Thread(target=_end_with_keeper, name="keeper", daemon=True).start()
    from app.commands import run

    run()


def _end_with_keeper() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
