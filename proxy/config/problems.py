"""Turns what is wrong with a config into plain lines: file, line, key and the fix."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from types import NoneType
from typing import Any, Final, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from proxy.config.lines import Path, line_of, lines

MOST: Final = 3  # lines in one message

_WANTED: Final[Mapping[str, str]] = {
    "bool_type": "must be true or false",
    "string_type": 'must be text in quotes, like "this"',
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "tuple_type": "must be a list, like [ … ]",
    "list_type": "must be a list, like [ … ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "finite_number": "must be a finite number",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be {ge:g} or more",
    "less_than_equal": "must be {le:g} or less",
    "too_short": "is empty; it needs {min_length} at least",
}
_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "true or false"),
    (str, "text"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
)
_NAMES_A_TYPE: Final = frozenset(name for name in _WANTED if name.endswith("_type"))
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SYNTAX: Final = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class ConfigError(Exception):
    """A config that can't be used: one to three plain lines naming file, line, key and the fix."""


class Problem(NamedTuple):
    """One thing that is wrong, at a key path; an empty path is the whole file."""

    path: Path
    text: str


def refuse(where: str, text: str, problems: Iterable[Problem]) -> ConfigError:
    """The error for `problems` in TOML `text` that came from `where`, in the order of its lines."""
    found = lines(text)
    rows = sorted((line_of(found, one.path), spell(one.path), one.text) for one in problems)
    told = [
        f"{where}, line {line}: {f'{key} ' if key else ''}{what}"
        for line, key, what in rows[: MOST if len(rows) <= MOST else MOST - 1]
    ]
    rest = len(rows) - len(told)
    return ConfigError("\n".join([*told, f"and {rest} more of these"] if rest else told))


def bad_syntax(where: str, text: str, error: tomllib.TOMLDecodeError) -> ConfigError:
    """The error for text that is not TOML."""
    parts = _SYNTAX.fullmatch(str(error))
    what = parts[1] if parts else str(error)
    if parts and parts[2]:
        return ConfigError(f"{where}, line {parts[2]}, column {parts[3]}: not TOML: {what}")
    last = text.count("\n", 0, len(text.rstrip())) + 1
    return ConfigError(f"{where}, line {last}: not TOML: {what} at the end of the file")


def told_by(error: ValidationError, root: type[BaseModel]) -> list[Problem]:
    """pydantic's findings in words; values are not repeated, for one could be a key."""
    return [
        Problem(path, _words(path, row, root))
        for row in error.errors(include_url=False)
        for path in [tuple(row["loc"])]
    ]


def spell(path: Path) -> str:
    """`force[0].pattern` for ("force", 0, "pattern")."""
    parts = (f"[{one}]" if isinstance(one, int) else f".{_key(one)}" for one in path)
    return "".join(parts)[1:]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else f'"{key}"'


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`; did you mean X?` for a near miss, else the list of what is known."""
    folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), folded, n=1)
    if near:
        return f"; did you mean {folded[near[0]]}?"
    return f"; there is {', '.join(known)}" if known else ""


def _words(path: Path, row: Any, root: type[BaseModel]) -> str:
    kind = row["type"]
    if kind == "extra_forbidden":
        return "is not a setting" + did_you_mean(str(path[-1]), _settings(path[:-1], root))
    if kind == "missing":
        return f"is missing; add {path[-1]} to {_header(path[:-1])}"
    if kind == "literal_error":
        return _literal(row)
    if kind == "value_error":
        return str(row["ctx"]["error"])
    wanted = _WANTED.get(kind, str(row["msg"])).format(**row.get("ctx", {}))
    return f"{wanted}, not {_kind_of(row['input'])}" if kind in _NAMES_A_TYPE else wanted


def _header(path: Path) -> str:
    if path and isinstance(path[-1], int):
        return f"[[{spell(path[:-1])}]]"
    return f"[{spell(path)}]" if path else "the file"


def _literal(row: Any) -> str:
    known = re.findall(r"'([^']*)'", row["ctx"]["expected"])
    text = f"must be {' or '.join((', '.join(known[:-1]), known[-1])) if known[1:] else known[0]}"
    given = row["input"]
    near = difflib.get_close_matches(given.upper(), known, n=1) if isinstance(given, str) else []
    near = near or (difflib.get_close_matches(given, known, n=1) if isinstance(given, str) else [])
    return f"{text}; did you mean {near[0]}?" if near else text


def _kind_of(value: object) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "a date or time")


def _settings(path: Path, root: type[BaseModel]) -> list[str]:
    """The keys that the table at `path` understands, found by walking the models' types."""
    here: Any = root
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = here.model_fields[str(part)].annotation
        else:
            here = [one for one in get_args(here) if one not in (Ellipsis, NoneType)][-1]
    return list(here.model_fields)
