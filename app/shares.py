"""How a screen's height is shared among its panels: values in, lines out; no textual."""

from collections.abc import Sequence

from msgspec import Struct


class Want(Struct, frozen=True):
    """A panel's wish, in lines. `whole`: less than the least is of no use, so it takes none."""

    name: str
    least: int
    most: int
    whole: bool = False


def shares(room: int, wants: Sequence[Want]) -> dict[str, int]:
    """Lines by name. The first come first; what is left goes round among those that want more."""
    given: dict[str, int] = {}
    for want in wants:
        share = min(want.least, max(room, 0))
        given[want.name] = 0 if want.whole and share < want.least else share
        room -= given[want.name]
    while room > 0:
        growing = [want for want in wants if 0 < given[want.name] < want.most][:room]
        if not growing:
            break
        for want in growing:
            given[want.name] += 1
        room -= len(growing)
    return given
