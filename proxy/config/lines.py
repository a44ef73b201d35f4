"""Finds where in a TOML text each key stands, for messages that point at it and for renames."""

import re
import tomllib
from bisect import bisect_right
from typing import Final

Path = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:\s|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_SCALAR: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|[^\s,\]}#][^,\]}#\n]*",
    re.DOTALL,
)


def lines(text: str) -> dict[Path, int]:
    """Key path → line (from 1) of a valid TOML text; list items have their index in the path."""
    return _Scan(text).document()


def words(text: str) -> dict[Path, list[tuple[int, int]]]:
    """Key path → where its last word stands, each time it does, as [start, end) in characters."""
    scan = _Scan(text)
    scan.document()
    return scan.words


def line_of(found: dict[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest table around it; 1 where nothing is known."""
    return next((found[path[:n]] for n in range(len(path), 0, -1) if path[:n] in found), 1)


class _Scan:
    """One walk over a text that tomllib has accepted."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0] + [end.end() for end in re.finditer("\n", text)]
        self._found: dict[Path, int] = {}
        self.words: dict[Path, list[tuple[int, int]]] = {}
        self._items: dict[Path, int] = {}  # array of tables → index of its last

    def document(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_BLANK) and self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _header(self) -> Path:
        line, array = self._line(), self._text.startswith("[[", self._at)
        self._at += 2 if array else 1
        path: Path = ()
        for key, span in self._dotted():
            self.words.setdefault((*path, key), []).append(span)
            path = self._inside((*path, key))
            self._found.setdefault(path, line)
        if array:
            path = path[:-1] if isinstance(path[-1], int) else path
            self._items[path] = self._items.get(path, -1) + 1
            self._found.setdefault(path, line)
            path = self._inside(path)
        self._found[path] = line
        self._at += 2 if array else 1
        return path

    def _inside(self, path: Path) -> Path:
        return (*path, self._items[path]) if path in self._items else path

    def _pair(self, table: Path) -> None:
        line, path = self._line(), table
        for key, span in self._dotted():
            path = (*path, key)
            self.words.setdefault(path, []).append(span)
            self._found.setdefault(path, line)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline(path)
        else:
            self._skip(_SCALAR)

    def _list(self, path: Path) -> None:
        index = 0
        while self._next("]"):
            self._found[(*path, index)] = self._line()
            self._value((*path, index))
            index += 1

    def _inline(self, path: Path) -> None:
        while self._next("}"):
            self._pair(path)

    def _next(self, closing: str) -> bool:
        """Step over the opening bracket or a comma; False, and past it, at `closing`."""
        self._skip(_BLANK)
        if self._text[self._at] != closing:
            self._at += 1
            self._skip(_BLANK)
        if self._text[self._at] != closing:
            return True
        self._at += 1
        return False

    def _dotted(self) -> list[tuple[str, tuple[int, int]]]:
        keys: list[tuple[str, tuple[int, int]]] = []
        while True:
            self._skip(_SPACE)
            key = self._skip(_KEY)
            keys.append((_plain(key), key.span()))
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"not TOML at character {self._at}")
        self._at = found.end()
        return found

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)


def _plain(key: re.Match[str]) -> str:
    text = key[0]
    if text[0] not in "\"'":
        return text
    return next(iter(tomllib.loads(f"{text} = 0")))
