"""`python -m tests.fuzz`: goes on looking for what breaks a target, with atheris where it is there.

Without it (it has no wheel for every Python) the same damage is done to the same seeds, unguided.
"""

import argparse
import itertools
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

NAMES = ("body", "answer", "stream", "sse")
LONGEST = 200_000  # bytes of an input
SLOWEST = 10  # seconds for one, beyond which it hangs


def guided(target: str, seconds: int, atheris: Any) -> None:
    """Inputs that reach new code are kept and changed further; ends the process."""
    with atheris.instrument_imports(include=["proxy", "classifier"]):
        from tests.fuzz import seeds
        from tests.fuzz.mutate import spoilt
        from tests.fuzz.targets import run

    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{target}-"))
    for number, data in enumerate([*seeds.packed(target), *seeds.found(target)]):
        (corpus / f"seed-{number}").write_bytes(data)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        dice = Random(seed)
        changed = data if dice.random() < 0.4 else spoilt(target, data.ljust(3, b"\0"), dice)
        return bytes(atheris.Mutate(changed[:most], most) if changed is data else changed[:most])

    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}"]
    options.append(f"-artifact_prefix={seeds.FOUND / target}/")
    (seeds.FOUND / target).mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [sys.argv[0], *options, str(corpus)],
        lambda data: run(target, bytes(data)),
        custom_mutator=mutated,
    )
    atheris.Fuzz()


def unguided(target: str, seconds: int) -> None:
    """The same damage, time and again, until something breaks or the time is up."""
    from tests.fuzz import seeds
    from tests.fuzz.mutate import spoilt
    from tests.fuzz.targets import run

    rows, until = list(seeds.packed(target)), time.monotonic() + seconds
    for number in itertools.count():
        dice = Random(number)
        data = spoilt(target, dice.choice(rows), dice)
        try:
            run(target, data)
        except Exception:
            place = seeds.FOUND / target / f"crash-{number}"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
            print(f"{target}: broken by {place}")
            raise
        if time.monotonic() > until:
            print(f"{target}: {number + 1:,} inputs, nothing broke")
            return


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=NAMES)
    parser.add_argument("--seconds", type=int, default=300)
    options = parser.parse_args()
    try:
        import atheris
    except ImportError:
        return unguided(options.target, options.seconds)
    return guided(options.target, options.seconds, atheris)


if __name__ == "__main__":
    main()
