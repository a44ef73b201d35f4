"""What `balanced` leaves of a long result: its gist, and how the model gets the rest."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from proxy.rewrite.abridge.files import file_gist
from proxy.rewrite.abridge.gist import Gist
from proxy.rewrite.abridge.lists import paths_gist, search_gist
from proxy.rewrite.abridge.logs import log_gist
from proxy.rewrite.abridge.objects import objects_gist
from proxy.rewrite.abridge.pages import page_gist
from proxy.rewrite.abridge.runs import tests_gist
from proxy.rewrite.abridge.view import Line, view
from proxy.rewrite.results.memo import Memo, key_of
from proxy.rewrite.results.source import Source
from proxy.rewrite.results.technique import Shrunk
from proxy.rewrite.results.weight import weigh

SHORTEST: Final = 1_500  # characters: a shorter result is not worth a second call
LARGEST: Final = 2_000_000
LONGEST_LINE: Final = 8_000  # characters: a recall brings whole lines
SPARED: Final = 150  # tokens at least, and
PAYS: Final = 0.75  # of its weight at most, for a gist to be worth a second call

Abridger = Callable[[list[Line]], Gist | None]

# For a file's text, and for all else: the first that knows the shape has its way.
OF_FILES: Final[dict[str, Abridger]] = {"outline": file_gist}
OF_OUTPUT: Final[dict[str, Abridger]] = {
    "rows": objects_gist,
    "tests": tests_gist,
    "search": search_gist,
    "paths": paths_gist,
    "page": page_gist,
    "log": log_gist,
}
ABRIDGERS: Final = frozenset((*OF_FILES, *OF_OUTPUT))

_MEMO: Final = Memo(2_000_000)


class Abridged(Struct, frozen=True):
    """A gist with the id under which its original is kept."""

    id: str
    shrunk: Shrunk


def id_of(text: str) -> str:
    """The name of an original: a function of its characters."""
    return f"r{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()[:12]}"


def abridge(text: str, source: Source, shrunk: Shrunk | None) -> Abridged | None:
    """The gist of `text`, if that is much less than `shrunk`, its lossless form. A pure function.

    A part of a file that the model asked for by its lines is never abridged.
    """
    if not SHORTEST <= len(text) <= LARGEST or source.part:
        return None
    made = _MEMO(key_of(text, source), lambda: _gist(text, source, shrunk.text if shrunk else text))
    return Abridged(id_of(text), made) if made else None


def _gist(text: str, source: Source, now: str) -> Shrunk | None:
    lines = view(text)
    if any(len(line.text) > LONGEST_LINE for line in lines):
        return None
    for name, abridger in (OF_FILES if source.exact else OF_OUTPUT).items():
        gist = abridger(lines)
        if gist is not None:
            said = f"{gist.text}\n{_marker(text, gist, len(lines))}"
            least = weigh(now)
            weight = weigh(said)
            pays = weight < PAYS * least and weight + SPARED < least
            return Shrunk(said, name) if pays and len(said) < len(now) else None
    return None


def _marker(text: str, gist: Gist, total: int) -> str:
    return (
        f"[{gist.left_out} of {total:,} {gist.unit} left out: lynkr_recall "
        f'id="{id_of(text)}" and lines="1-50" or search="words"]'
    )
