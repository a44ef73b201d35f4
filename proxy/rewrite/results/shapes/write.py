"""Writes a JSON value with the keys of like objects said once, above it."""

from collections.abc import Iterator
from typing import Any, Final

from proxy.rewrite.results.shapes.columns import Column, code, column
from proxy.rewrite.results.shapes.words import key, plain, word

HEADER: Final = "JSON; NAME(values) is an object with the keys of NAME:"
BY_LETTER: Final = " by letter: "
FOR_STAR: Final = " for *: "
FEWEST: Final = 2  # objects of a shape that make it worth a name

Shape = tuple[str, ...]


class _Kind:
    """A shape that has a name: what is said of its columns, and its rows in the order of the
    document, given out one by one."""

    def __init__(self, name: str, keys: Shape, objects: list[dict[str, Any]]) -> None:
        self.name = name
        self.keys = keys
        self.columns = [column([one[k] for one in objects]) for k in keys]
        self.told = [c for c in self.columns if c.same is None]
        cells = [c.cells or (None,) * len(objects) for c in self.told]
        self.rows = iter(zip(*cells, strict=True)) if cells else iter([()] * len(objects))
        self.asked = [k for k, c in zip(keys, self.columns, strict=True) if c.same is None]

    def lines(self) -> Iterator[str]:
        said = (_said(k, c) for k, c in zip(self.keys, self.columns, strict=True))
        yield f"{self.name}({','.join(said)})"
        for name, col in zip(self.keys, self.columns, strict=True):
            if col.codes:
                legend = ",".join(f"{code(n)}={text}" for n, text in enumerate(col.codes))
                yield f"{self.name}.{key(name)}{BY_LETTER}{legend}"
            elif col.around:
                yield f"{self.name}.{key(name)}{FOR_STAR}{_pattern(col.around)}"


def _said(name: str, col: Column) -> str:
    return key(name) if col.same is None else f"{key(name)}={col.same}"


def _pattern(around: tuple[str, str]) -> str:
    return word("*".join(around)) if around[0] else plain("*".join(around))


class _Writer:
    def __init__(self, kinds: dict[Shape, _Kind]) -> None:
        self._kinds = kinds

    def value(self, given: Any) -> str:
        if isinstance(given, dict):
            kind = self._kinds.get(tuple(given))
            if kind is not None:
                return f"{kind.name}({self._row(kind, given)})"
            inner = ",".join(f"{key(name)}:{self.value(v)}" for name, v in given.items())
            return f"{{{inner}}}"
        if isinstance(given, list):
            return self._list(given)
        return plain(given)

    def _list(self, given: list[Any]) -> str:
        kind = self._alike(given)
        if kind is None:
            return f"[{','.join(map(self.value, given))}]"
        rows = "\n".join(self._row(kind, one) for one in given)
        return f"{kind.name}[\n{rows}]"

    def _alike(self, given: list[Any]) -> _Kind | None:
        """The kind of all objects of a list; None where they are of several, or single."""
        if len(given) < 2 or not isinstance(given[0], dict):
            return None
        shape = tuple(given[0])
        same = all(isinstance(one, dict) and tuple(one) == shape for one in given)
        return self._kinds.get(shape) if same else None

    def _row(self, kind: _Kind, given: dict[str, Any]) -> str:
        cells = next(kind.rows)
        return ",".join(
            [
                self.value(given[name]) if cell is None else cell
                for name, cell in zip(kind.asked, cells, strict=True)
            ]
        )


def write(given: Any) -> str | None:
    """`given` as text that `read.read` understands; None where no two objects are alike."""
    found: dict[Shape, list[dict[str, Any]]] = {}
    _collect(given, found)
    alike = [(shape, objects) for shape, objects in found.items() if len(objects) >= FEWEST]
    if not alike:
        return None
    kinds = {
        shape: _Kind(code(at).upper(), shape, objects) for at, (shape, objects) in enumerate(alike)
    }
    head = [line for kind in kinds.values() for line in kind.lines()]
    return "\n".join([HEADER, *head, "", _Writer(kinds).value(given)])


def _collect(given: Any, found: dict[Shape, list[dict[str, Any]]]) -> None:
    """Objects by their keys, each before those inside it: the order in which they are written."""
    if isinstance(given, dict):
        if given:
            found.setdefault(tuple(given), []).append(given)
        for value in given.values():
            if isinstance(value, dict | list):
                _collect(value, found)
    elif isinstance(given, list):
        for value in given:
            if isinstance(value, dict | list):
                _collect(value, found)
