"""The lines that a gist keeps, with a mark for each gap."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from proxy.rewrite.abridge.view import Line


class Gist(Struct, frozen=True):
    """What stays of a result, and how many of its lines (or rows) do not."""

    text: str
    left_out: int
    unit: str = "lines"


def kept(lines: Sequence[Line], places: Iterable[int], marks: bool = True) -> Gist:
    """The lines at `places`; a mark tells which numbers a gap took, unless lines tell their own."""
    wanted = sorted(set(places))
    made: list[str] = []
    expected = 0
    for at in wanted:
        if at > expected and marks:
            made.append(_gap(lines, expected, at))
        made.append(lines[at].text)
        expected = at + 1
    if expected < len(lines) and marks:
        made.append(_gap(lines, expected, len(lines)))
    return Gist("\n".join(made), len(lines) - len(wanted))


def ends_of(lines: Sequence[Line], head: int, tail: int) -> set[int]:
    """The places of the first and the last lines."""
    return set(range(min(head, len(lines)))) | set(range(max(0, len(lines) - tail), len(lines)))


def _gap(lines: Sequence[Line], start: int, end: int) -> str:
    first, last = lines[start].number, lines[end - 1].number
    return f"… {first}-{last}" if last > first else f"… {first}"
