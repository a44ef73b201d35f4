"""`make lock`: writes requirements.lock, every package at one version with its files' hashes.

torch stays out, and what its builds for graphics cards bring along: a build for processors alone
has other files under the same version, which constraints.txt names.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
LOCK: Final = ROOT / "requirements.lock"
HEAD: Final = (
    "# Written by `make lock` from pyproject.toml; what is installed has one of these hashes.\n"
)
APART: Final = ("torch", "triton", "nvidia-", "cuda-")
_COMPILE: Final = (
    "pip compile pyproject.toml --group dev --constraint constraints.txt --universal --quiet "
    "--generate-hashes --no-header --no-annotate --no-emit-index-url"
)


def entries(text: str) -> list[str]:
    """A package each, with its hashes."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found: list[str] = []
    for line in lines:
        if line.startswith(" "):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found


def main() -> None:
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run(
        [uv, *_COMPILE.split()], cwd=ROOT, check=True, capture_output=True, text=True
    )
    kept = [one for one in entries(done.stdout) if not one.startswith(APART)]
    LOCK.write_text(HEAD + "\n".join(kept) + "\n")


if __name__ == "__main__":
    main()
