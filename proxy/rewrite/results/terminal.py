"""What a terminal would show of a program's output: no colours, no overwritten progress bars."""

import re
import unicodedata
from typing import Final

from proxy.rewrite.results.technique import Technique

_BLANKS: Final = " \t"
# Signs that say how text looks, or something to the terminal itself; they move nothing.
_SILENT: Final = re.compile(
    r"\x1b\[[0-9;:]*m"  # colours
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles, links
    r"|\x1b\[\?(?:25|1|7|12|2004|2026)[hl]"  # the cursor's looks, how keys and pastes arrive
    r"|\x1b[=>]|\x1b\([0AB]"  # the keypad, the character set
)
# What else is understood: a move or an erasure (ECMA-48), or a character that moves.
_STEP: Final = re.compile(r"\x1b\[(\d*)([ABCDEFGJK])|[\r\b\t]|[^\x00-\x1f\x7f-\x9f]+")
_MOVES: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LARGEST: Final = 400_000  # characters that are put on a screen one by one
_FARTHEST: Final = 10_000  # columns or lines that one sign may move by


def looks_noisy(text: str) -> bool:
    return (
        "\x1b" in text
        or "\r" in text
        or "\b" in text
        or " \n" in text
        or "\t\n" in text
        or text[-1:] in _BLANKS
    )


def terminal(text: str) -> str | None:
    """`text` as an endlessly wide and high terminal shows it, without the blanks at line ends.

    None where that is what came, or where it holds what only a real terminal could place: other
    control characters, moves to a fixed place, letters wider than one column under an overwrite.
    """
    seen = _SILENT.sub("", text).replace("\r\n", "\n")
    if "\x1b" in seen or "\r" in seen or "\b" in seen:
        screen = _Screen()
        if len(seen) > LARGEST or not screen.play(seen):
            return None
        seen = screen.text()
    elif _MOVES.search(seen):
        return None
    made = "\n".join([line.rstrip(_BLANKS) for line in seen.split("\n")])
    return made if made != text else None


def shown(text: str) -> str:
    """`text` as a terminal shows it, or as it came where only a real one could tell."""
    made = terminal(text) if looks_noisy(text) else None
    return text if made is None else made


class _Screen:
    """Lines of characters, one a column, and a cursor; as wide and as high as need be.

    Only a line that is written at one go may hold tabs, or letters that take other than one column:
    what then moves into it can't be placed, and `play` says so.
    """

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]
        self._row = self._column = 0

    def text(self) -> str:
        return "\n".join(["".join(line) for line in self._lines])

    def play(self, shown: str) -> bool:
        """Put `shown` on the screen; whether all of it was understood."""
        for number, line in enumerate(shown.split("\n")):
            if number:
                self._down(1)
                self._column = 0
            if not (self._write_fresh(line) or self._play_line(line)):
                return False
        return True

    def _write_fresh(self, said: str) -> bool:
        """A line that needs no placing; False for any other."""
        if self._lines[self._row] or self._column or _MOVES.search(said):
            return False
        self._lines[self._row] = list(said)
        self._column = len(said)
        return True

    def _play_line(self, said: str) -> bool:
        at = 0
        for step in _STEP.finditer(said):
            if step.start() != at or not self._take(step):
                return False
            at = step.end()
        return at == len(said)

    def _take(self, step: "re.Match[str]") -> bool:
        said = step.group()
        if step.group(2):
            whole = step.group(2) == "K" and (not self._column or step.group(1) == "2")
            return (whole or self._is_even()) and self._move(step.group(2), step.group(1))
        if said == "\r":
            self._column = 0
        elif said == "\b":
            self._column = max(0, self._column - 1)
        elif said == "\t":
            self._column = (self._column // 8 + 1) * 8
            return self._is_even()
        else:
            return self._write(said)
        return True

    def _write(self, said: str) -> bool:
        line = self._lines[self._row]
        if self._column != len(line) and not (self._is_even() and _is_even(said)):
            return False
        line.extend(" " * (self._column - len(line)))
        line[self._column : self._column + len(said)] = said
        self._column += len(said)
        return True

    def _is_even(self) -> bool:
        """Whether each character of the cursor's line takes one column."""
        return _is_even("".join(self._lines[self._row]))

    def _move(self, sign: str, number: str) -> bool:
        by = int(number[:6] or 1)
        if by > _FARTHEST:
            return False
        line = self._lines[self._row]
        if sign == "K":
            return self._erase(line, number)
        if sign == "J":
            del self._lines[self._row + 1 :]
            return number in ("", "0") and self._erase(line, "")
        if sign in "AF":
            self._row = max(0, self._row - max(1, by))
        elif sign in "BE":
            self._down(max(1, by))
        elif sign == "C":
            self._column += max(1, by)
        elif sign == "D":
            self._column = max(0, self._column - max(1, by))
        else:
            self._column = max(1, by) - 1
        if sign in "EF":
            self._column = 0
        return True

    def _down(self, by: int) -> None:
        self._row += by
        while len(self._lines) <= self._row:
            self._lines.append([])

    def _erase(self, line: list[str], number: str) -> bool:
        if number not in ("", "0", "1", "2"):
            return False
        if number == "2":
            line.clear()
        elif number == "1":
            line[: self._column + 1] = " " * min(len(line), self._column + 1)
        else:
            del line[self._column :]
        return True


def _is_even(text: str) -> bool:
    """Whether each character takes one column."""
    if text.isascii():
        return "\t" not in text
    return all(
        unicodedata.east_asian_width(c) not in "WF"
        and unicodedata.category(c) not in ("Cf", "Mn", "Me")
        and c != "\t"
        for c in text
    )


TERMINAL: Final = Technique("terminal", looks_noisy, terminal, only_omits=True)
