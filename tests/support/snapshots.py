"""Pictures that were looked at once and kept: a screen is compared with its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from textual.app import App
from textual.widgets import Input

from tests.support.picture import svg_of, words_of

FOLDER = Path(__file__).parents[1] / "app" / "snapshots"
MOST = 12  # lines that a failure names


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Compares with the pictures in `folder`, or writes them anew."""

    renew: bool
    folder: Path = FOLDER

    def hold(self, app: App[Any], name: str) -> None:
        """Fail where the screen differs from the picture of that name; the new one lies beside."""
        still(app)
        width, height = app.size
        kept = self.folder / f"{name}-{width}x{height}.svg"
        new, now = kept.with_suffix(".new.svg"), svg_of(app)
        before = kept.read_text() if kept.exists() else ""
        if self.renew or now == before:
            new.unlink(missing_ok=True)
            kept.write_text(now)
            return
        new.write_text(now)
        said = "\n".join(_differences(before, now)) if before else "there is none yet"
        raise AssertionError(f"{kept} is no longer what is shown, see {new}\n{said}")


def still(app: App[Any]) -> None:
    """No cursor blinks."""
    for field in app.screen.query(Input):
        field.cursor_blink = False


def _differences(before: str, now: str) -> Iterator[str]:
    """The lines that read otherwise, or a word that only colours do."""
    pairs = list(zip_longest(words_of(before), words_of(now), fillvalue=""))
    changed = [(at, *pair) for at, pair in enumerate(pairs) if pair[0] != pair[1]]
    for at, old, new in changed[:MOST]:
        yield f"line {at}\n  - {old}\n  + {new}"
    if not changed:
        yield "the words are the same, their looks are not"
