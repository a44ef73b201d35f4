"""Writes docs/licences.md: each package that the program is installed with, and its licence.

`python -m tests.licences`; the names come from what is installed, so run it after `make lock`.
"""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE: Final = Path(__file__).parent.parent / "docs" / "licences.md"
PROGRAM: Final = "lynkr-tui"
COPYLEFT: Final = re.compile(r"GPL|MPL|Mozilla|EPL|Eclipse|CDDL|EUPL|copyleft|GNU", re.IGNORECASE)
_HEAD: Final = """# Licences

lynkr-tui is under the MIT licence. It is installed with these packages, each under its own, as the
package itself declares it; none is changed or shipped by us. Written by `python -m tests.licences`,
and a test holds it to what is installed.

| package | licence |
|---|---|
"""
_LONGEST: Final = 60  # characters; some packages put the whole text there


def needed() -> list[Distribution]:
    """What is installed because the program needs it, by name."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(PROGRAM)]
    while waiting:
        asked = waiting.pop()
        for one in _installed(asked.name):
            new = canonicalize_name(one.name) not in found
            found[canonicalize_name(one.name)] = one
            if new or asked.extras:
                waiting += _wants(one, asked.extras)
    del found[PROGRAM]
    return [found[name] for name in sorted(found)]


def _installed(name: str) -> Iterator[Distribution]:
    try:
        yield distribution(name)
    except PackageNotFoundError:
        return  # for another platform


def _wants(one: Distribution, extras: set[str]) -> list[Requirement]:
    named = [{"extra": extra} for extra in ("", *extras)]
    rows = [Requirement(text) for text in one.requires or ()]
    return [r for r in rows if r.marker is None or any(map(r.marker.evaluate, named))]


def licence_of(one: Distribution) -> str:
    """As the package declares it: an SPDX expression, else its classifiers, else its own words."""
    told = one.metadata.get_all("Classifier") or []
    classes = [line.rpartition(" :: ")[2] for line in told if line.startswith("License ::")]
    said = _said(one, "License").strip().partition("\n")[0]
    return _said(one, "License-Expression") or ", ".join(classes) or said[:_LONGEST] or "?"


def _said(one: Distribution, field: str) -> str:
    return next(iter(one.metadata.get_all(field) or ()), "")


def row(one: Distribution) -> str:
    return f"| {canonicalize_name(one.name)} | {licence_of(one)} |"


def page() -> str:
    return _HEAD + "\n".join(map(row, needed())) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
