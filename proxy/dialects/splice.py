"""Changes top-level values in a JSON object's bytes and leaves every other byte as it was."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

_COMMA: Final = ord(",")
_SMALL: Final = 2_000  # bytes that are searched sooner than written anew
_DEPTH: Final = 16  # containers nested deeper than this take the slow walk


def _container(depth: int) -> bytes:
    """A pattern for one JSON container whose strings hold no escapes; no backtracking."""
    inner = rb""
    for _ in range(depth):
        also = rb"|" + inner if inner else rb""
        inner = rb'[\[{](?:[^"\[\]{}]++|"[^"]*+"' + also + rb")*+[\]}]"
    return inner


_SCALAR: Final = rb"[^\s,\"\[\]{}]++"
_OPEN: Final = re.compile(rb"\s*+\{\s*+")
_OPEN_LIST: Final = re.compile(rb"\s*+\[\s*+")
_CLOSE: Final = re.compile(rb"\}\s*\Z")
_KEY: Final = re.compile(rb'("[^"]*+")\s*+:\s*+')
_VALUE: Final = re.compile(rb'"[^"]*+"|' + _SCALAR + rb"|" + _container(_DEPTH))
_PLAIN_MEMBER: Final = re.compile(
    rb'("[^"\\]*+")\s*+:\s*+("[^"\\]*+(?:\\.[^"\\]*+)*+"|' + _SCALAR + rb")\s*+,\s*+"
)
_GAP: Final = re.compile(rb"\s*+,?\s*+")
_BRACKET: Final = re.compile(rb'(?:[^"{}\[\]]++|"[^"]*+")*+([{}\[\]])')
_PLAIN_NAME: Final = re.compile(r"[a-z_]+")
_ESCAPED_NAME: Final = re.compile(rb"\\u00[5-7]")  # how a plain name could be spelled otherwise


class Member(NamedTuple):
    """Where one top-level member lies: `start` of its key, and its value's span."""

    key: str
    start: int
    value: int
    end: int


class Edit(NamedTuple):
    """The bytes from `start` to `end` are to be `new`."""

    start: int
    end: int
    new: bytes


def splice(
    body: bytes, changes: Mapping[str, bytes | None], parsed: Mapping[str, Any] | None = None
) -> bytes:
    """`body` with each named top-level value replaced, added, or (None) removed.

    `body` is a valid JSON object and each value valid JSON, both UTF-8. A key that stands there
    twice is changed in both places. ValueError if `body` is not an object. What `body` says
    `parsed`, where that is at hand, makes it quicker.
    """
    if not changes:
        return body
    found = _tiled(body, parsed) if parsed and len(body) > _SMALL else None
    edits = _among_scalars(body, changes) if found is None else None
    if edits is None:
        found = list(members(body)) if found is None else found
        edits = _replaced(found, changes) + _removed(body, found, changes)
        edits += _added(body, found, changes)
    return apply(body, edits)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, bytes | None]:
    """The changes that make `after` of `before`: top-level values that are not equal."""
    gone: dict[str, bytes | None] = {key: None for key in before if key not in after}
    new = {key: orjson.dumps(value) for key, value in after.items() if _differs(before, key, value)}
    return gone | new


def _differs(before: Mapping[str, Any], key: str, value: Any) -> bool:
    """A value that is the very same needs no comparing."""
    return key not in before or (before[key] is not value and before[key] != value)


class Layout:
    """Where the values of a valid JSON document lie, by byte offsets."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        # Same length, so offsets hold: with escapes gone, a string ends at its next quote.
        self._text = body.replace(rb"\\", b"__").replace(rb"\"", b"__") if b"\\" in body else body

    def members(self, at: int = 0) -> Iterator[Member]:
        """Every member in order of the object that begins at `at`. ValueError if none does."""
        opened = _OPEN.match(self._text, at)
        if opened is None:
            raise ValueError("not a JSON object")
        at = opened.end()
        while key := _KEY.match(self._text, at):
            end = _value_end(self._text, key.end())
            name = orjson.loads(self.body[key.start(1) : key.end(1)])
            yield Member(name, key.start(), key.end(), end)
            at = self._next(end)

    def elements(self, at: int) -> Iterator[slice]:
        """Every element in order of the array that begins at `at`. ValueError if none does."""
        opened = _OPEN_LIST.match(self._text, at)
        if opened is None:
            raise ValueError("not a JSON array")
        at = opened.end()
        while not self._text.startswith(b"]", at):
            end = _value_end(self._text, at)
            yield slice(at, end)
            at = self._next(end)

    def _next(self, end: int) -> int:
        """Where what follows a value begins."""
        return _GAP.match(self._text, end).end()  # type: ignore[union-attr]  # it matches nothing too


def members(body: bytes) -> Iterator[Member]:
    """Every top-level member in order, by byte offsets."""
    return Layout(body).members()


def _value_end(text: bytes, at: int) -> int:
    value = _VALUE.match(text, at)
    if value is not None:
        return value.end()
    depth = 0
    for bracket in _BRACKET.finditer(text, at):
        depth += 1 if bracket[1] in b"{[" else -1
        if not depth:
            return bracket.end()
    raise ValueError("not a JSON object")


def _tiled(body: bytes, parsed: Mapping[str, Any]) -> list[Member] | None:
    """The members where `body` is written as most clients write JSON: told without a walk."""
    found: list[Member] = []
    at = 1
    for key, value in parsed.items():
        try:
            name, text = orjson.dumps(key), orjson.dumps(value)
        except TypeError:  # nested too deep to be written, or a key that is no text
            return None
        whole = b"%b:%b" % (name, text)
        if not body.startswith(whole, at):
            return None
        end = at + len(whole)
        found.append(Member(key, at, end - len(text), end))
        at = end + 1
    commas = all(body[one.end] == _COMMA for one in found[:-1])
    return found if commas and body[:1] == b"{" and body[at - 1 :] == b"}" else None


def _among_scalars(body: bytes, changes: Mapping[str, bytes | None]) -> list[Edit] | None:
    """The edits when all the keys stand first, among scalars, and nowhere else; else None."""
    wanted, opened = _plain(changes), _OPEN.match(body)
    if wanted is None or opened is None:
        return None
    edits: list[Edit] = []
    at = opened.end()
    while wanted and (member := _PLAIN_MEMBER.match(body, at)):
        at = member.end()
        if (new := wanted.pop(member[1], None)) is not None:
            if body.find(member[1], at) >= 0:
                return None
            edits.append(Edit(member.start(2), member.end(2), new))
    return None if wanted or _has_escaped_name(body, at) else edits


def _has_escaped_name(body: bytes, at: int = 0) -> bool:
    at = body.find(b"\\u00", at)  # many times quicker than the pattern
    return at >= 0 and _ESCAPED_NAME.search(body, at) is not None


def _plain(changes: Mapping[str, bytes | None]) -> dict[bytes, bytes] | None:
    wanted: dict[bytes, bytes] = {}
    for key, new in changes.items():
        if new is None or not _PLAIN_NAME.fullmatch(key):
            return None
        wanted[b'"%b"' % key.encode()] = new
    return wanted


def _replaced(found: Sequence[Member], changes: Mapping[str, bytes | None]) -> list[Edit]:
    return [Edit(m.value, m.end, new) for m in found if (new := changes.get(m.key)) is not None]


def _removed(
    body: bytes, found: Sequence[Member], changes: Mapping[str, bytes | None]
) -> list[Edit]:
    """Cuts, each with one comma: up to the next member, or at the end back to the last kept."""
    gone = [m.key in changes and changes[m.key] is None for m in found]
    kept = [i for i, out in enumerate(gone) if not out]
    last = kept[-1] if kept else -1
    cuts = [Edit(found[i].start, found[i + 1].start, b"") for i in range(last) if gone[i]]
    if found and last < len(found) - 1:
        start = found[last].end if kept else found[0].start
        cuts.append(Edit(start, found[-1].end, b""))
    return cuts


def _added(body: bytes, found: Sequence[Member], changes: Mapping[str, bytes | None]) -> list[Edit]:
    here = {m.key for m in found}
    new = [
        orjson.dumps(key) + b":" + value
        for key, value in changes.items()
        if value is not None and key not in here
    ]
    if not new:
        return []
    close = _CLOSE.search(body, found[-1].end if found else 0)
    if close is None:
        raise ValueError("not a JSON object")
    kept = any(changes.get(m.key, b"") is not None for m in found)
    return [Edit(close.start(), close.start(), (b"," if kept else b"") + b",".join(new))]


def apply(body: bytes, edits: Iterable[Edit]) -> bytes:
    """`body` with every edit made; none may overlap."""
    pieces: list[bytes] = []
    at = 0
    for edit in sorted(edits):
        pieces += (body[at : edit.start], edit.new)
        at = edit.end
    pieces.append(body[at:])
    return b"".join(pieces)
