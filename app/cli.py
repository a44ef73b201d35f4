"""The console script. A status bar asks for its line several times a minute, so that one command
runs without the table of commands, and without all that the table imports."""

import gc
import sys

LOADING = 200_000  # new objects: what is imported stays, and no collection need look at it


def main() -> None:
    """Run what the command line asks for: exit code 0 fine, 1 failed, 2 bad usage."""
    gc.set_threshold(LOADING)
    if sys.argv[1:2] == ["statusline"]:
        from app.statusline import brief

        if brief(sys.argv[2:]):
            return
    from app.commands import run

    run()
