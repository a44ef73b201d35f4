"""Reads back what `write` wrote: the check that nothing was lost."""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson
from msgspec import Struct

from proxy.rewrite.results.shapes.columns import code
from proxy.rewrite.results.shapes.words import BARE, KEY, STRING, meant
from proxy.rewrite.results.shapes.write import BY_LETTER, FOR_STAR, HEADER

_NAME: Final = re.compile(r"[A-Z]+")


class _Column(Struct):
    """A key; `fixed` where its value is said of all, else how the cell of a row is read."""

    key: str
    fixed: bool = False
    value: Any = None
    meant: Callable[[str], Any] = meant


_Kinds = dict[str, list[_Column]]


def read(text: str) -> Any:
    """The JSON value that `write` made `text` of. ValueError for any other text."""
    header, _, rest = text.partition("\n")
    above, gap, body = rest.partition("\n\n")
    if header != HEADER or not gap:
        raise ValueError("not written as shapes")
    kinds: _Kinds = {}
    for line in above.split("\n"):
        _Reader(line, kinds).definition()
    reader = _Reader(body, kinds)
    value = reader.value()
    reader.end()
    return value


class _Reader:
    def __init__(self, text: str, kinds: _Kinds) -> None:
        self._text = text
        self._kinds = kinds
        self._at = 0

    def value(self) -> Any:
        opening = self._peek()
        if opening == "{":
            return self._object()
        if opening == "[":
            self._at += 1
            return self._until("]", self.value)
        if opening == '"':
            return self._string()
        bare = self._match(BARE)
        following = self._peek()
        if following == "(":
            return self._row(self._kinds[bare], "(", ")")
        return self._rows(self._kinds[bare]) if following == "[" else meant(bare)

    def definition(self) -> None:
        """A line above the body: the keys of a name, or what is said of one of its columns."""
        name = self._match(_NAME)
        if self._peek() == "(":
            self._at += 1
            self._kinds[name] = self._until(")", self._column)
        else:
            self._take(".")
            key = self._key()
            (column,) = (one for one in self._kinds[name] if one.key == key)
            column.meant = self._by_letter() if self._ahead(BY_LETTER) else self._for_star()
        self.end()

    def end(self) -> None:
        if self._at != len(self._text):
            raise ValueError("more than one value")

    def _column(self) -> _Column:
        key = self._key()
        if self._peek() != "=":
            return _Column(key)
        self._at += 1
        return _Column(key, True, self.value())

    def _by_letter(self) -> Callable[[str], Any]:
        self._take(BY_LETTER)
        values: dict[str, Any] = {}
        while True:
            letter = code(len(values))
            self._take(f"{letter}=")
            values[letter] = self.value()
            if self._peek() != ",":
                return values.__getitem__
            self._at += 1

    def _for_star(self) -> Callable[[str], Any]:
        self._take(FOR_STAR)
        before, after = str(self.value()).split("*")
        return lambda cell: f"{before}{cell}{after}"

    def _row(self, columns: list[_Column], opens: str, closes: str) -> dict[str, Any]:
        self._take(opens)
        row: dict[str, Any] = {}
        first = True
        for column in columns:
            if column.fixed:
                row[column.key] = column.value
                continue
            if not first:
                self._take(",")
            row[column.key], first = self._cell(column), False
        self._take(closes)
        return row

    def _cell(self, column: _Column) -> Any:
        if column.meant is meant:
            return self.value()
        return column.meant(self._string() if self._peek() == '"' else self._match(BARE))

    def _rows(self, columns: list[_Column]) -> list[Any]:
        self._take("[")
        rows = []
        while self._peek() == "\n":
            rows.append(self._row(columns, "\n", ""))
        self._take("]")
        return rows

    def _object(self) -> dict[str, Any]:
        self._at += 1
        pairs = self._until("}", self._pair)
        return dict(pairs)

    def _pair(self) -> tuple[str, Any]:
        key = self._key()
        self._take(":")
        return key, self.value()

    def _until(self, closing: str, item: Callable[[], Any]) -> list[Any]:
        items: list[Any] = []
        if self._peek() != closing:
            items.append(item())
            while self._peek() == ",":
                self._at += 1
                items.append(item())
        self._take(closing)
        return items

    def _key(self) -> str:
        return self._string() if self._peek() == '"' else self._match(KEY)

    def _string(self) -> str:
        return str(orjson.loads(self._match(STRING)))

    def _match(self, pattern: "re.Pattern[str]") -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"unexpected at {self._at}")
        self._at = found.end()
        return found.group()

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _ahead(self, expected: str) -> bool:
        return self._text.startswith(expected, self._at)

    def _take(self, expected: str) -> None:
        if not self._ahead(expected):
            raise ValueError(f"expected {expected!r} at {self._at}")
        self._at += len(expected)
