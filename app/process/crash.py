"""The report of a fault of ours that nobody caught: where it was, without keys."""

import sys
import traceback

from app.text import plain
from proxy.secrets import unlike_a_key


def told() -> int:
    """Print the traceback of what is being handled, harmless; the exit code."""
    lines = traceback.format_exc().rstrip().split("\n")
    print(*(plain(unlike_a_key(line)) for line in lines), sep="\n", file=sys.stderr)
    print("lynkr-tui broke; `lynkr-tui doctor --report` tells what a report needs", file=sys.stderr)
    return 1
