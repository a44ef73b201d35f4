"""Long lists: of matches by file, of paths by folder."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from proxy.rewrite.abridge.gist import Gist, ends_of, kept
from proxy.rewrite.abridge.view import Line
from proxy.rewrite.results.listing import place_of
from proxy.rewrite.results.paths import is_path

_MANY_MATCHES: Final = 40
_A_FILE: Final = 3  # matches that stay of each file
_MANY_PATHS: Final = 60
_HEAD, _TAIL = 20, 5
_FOLDERS: Final = 20


def search_gist(lines: list[Line]) -> Gist | None:
    """The first matches in each file; None for what is no search, or a short one."""
    paths = [place_of(line.text) for line in lines]
    if len(lines) < _MANY_MATCHES or sum(path is not None for path in paths) < 0.8 * len(lines):
        return None
    seen: Counter[str] = Counter()
    places = []
    for at, path in enumerate(paths):
        seen[path or ""] += 1
        if path is None or seen[path] <= _A_FILE:
            places.append(at)
    gist = kept(lines, places)
    more = {path: count for path, count in seen.items() if count > _A_FILE}
    return Gist(f"{gist.text}\nmatches: {_counted(more)}", gist.left_out) if more else None


def paths_gist(lines: list[Line]) -> Gist | None:
    """The first and last paths, and how many each folder has; None for what is no long list."""
    if len(lines) < _MANY_PATHS or not all(is_path(line.text) for line in lines if line.text):
        return None
    folders = Counter(line.text.rpartition("/")[0] for line in lines if line.text)
    gist = kept(lines, ends_of(lines, _HEAD, _TAIL))
    return Gist(f"{gist.text}\nby folder: {_counted(dict(folders))}", gist.left_out)


def _counted(counts: dict[str, int]) -> str:
    most = sorted(counts.items(), key=lambda one: -one[1])
    said: Iterable[str] = (f"{name} {count}" for name, count in most[:_FOLDERS])
    return ", ".join(said) + (f", {len(most) - _FOLDERS} more" if len(most) > _FOLDERS else "")
