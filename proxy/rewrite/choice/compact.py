"""The same tool in fewer tokens: what its schema says without meaning anything goes."""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson
from msgspec.structs import replace

from proxy.dialects.model import Body, Tool
from proxy.memo import Memo
from proxy.rewrite.choice.words import words

_DEEPEST: Final = 40
_TRAILING: Final = re.compile(r"[ \t]+(?=\n)")
_GAPS: Final = re.compile(r"\n{3,}")
# Where schemas stand inside a schema: one, a list of them, or by a name.
_ONE: Final = frozenset(
    "items additionalProperties contains not if then else propertyNames additionalItems"
    " unevaluatedItems unevaluatedProperties contentSchema".split()
)
_SEVERAL: Final = frozenset({"anyOf", "allOf", "oneOf", "prefixItems"})
_BY_NAME: Final = frozenset(
    "properties patternProperties $defs definitions dependentSchemas".split()
)
_NOTHING_SAID: Final[tuple[tuple[str, Any], ...]] = (
    ("required", []),
    ("description", ""),
    ("title", ""),
    ("examples", []),
    ("deprecated", False),
    ("readOnly", False),
    ("writeOnly", False),
    ("uniqueItems", False),
    ("minLength", 0),
    ("minItems", 0),
    ("minProperties", 0),
)
_STRICT_KEEPS: Final = frozenset({"required"})
# What leads to a place in the schema, or counts what its parts say.
_REFERS: Final = ('"$dynamicRef"', '"$recursiveRef"', '"$id"', '"id":"', '"unevaluated')
_REF: Final = re.compile(r'"\$ref":"([^"]*)"')
_IN_PLACE: Final = re.compile(r"#(?:/(?:\$defs|definitions)/[^/]*)?")
# What means something else in another draft: then the draft's name says something.
_OF_A_DRAFT: Final = (
    '"items":[',
    '"additionalItems"',
    '"dependencies"',
    '"$ref"',
    *(f'"exclusive{end}":{value}' for end in ("Minimum", "Maximum") for value in ("true", "false")),
)

_compacted = Memo[tuple[Tool, Tool]](2_000)


def compact(tool: Tool) -> Tool:
    """`tool` with a schema that accepts the same and a tidier description, in `raw` as well; the
    very same object where nothing changes. A tool seen before is not worked again."""
    if tool.kind != "function":
        return tool
    try:
        key = orjson.dumps((tool.name, tool.description, tool.schema, tool.raw))
    except (TypeError, RecursionError):  # nested too deep to be written
        return tool
    before, after = _compacted.get(key, lambda: (tool, _compacted_tool(tool)))
    return tool if after is before else after


def _compacted_tool(tool: Tool) -> Tool:
    strict = _is_strict(tool.raw)
    schema = _schema(tool.schema, tool.name, strict)
    description = _tidy(tool.description)
    raw = _raw(tool.raw, tool, strict)
    if schema is tool.schema and description == tool.description and raw is tool.raw:
        return tool
    return replace(tool, schema=schema, description=description, raw=raw)


def _is_strict(raw: Body) -> bool:
    inner = raw.get("function")
    return bool(raw.get("strict") or (isinstance(inner, dict) and inner.get("strict")))


def _raw(raw: Body, tool: Tool, strict: bool) -> Body:
    """The client's own object with the same changes, in whichever dialect it is spelt."""
    inner = raw.get("function")
    if isinstance(inner, dict):
        made = _raw(inner, tool, strict)
        return raw if made is inner else {**raw, "function": made}
    made = raw
    for name in ("input_schema", "parameters"):
        if isinstance(raw.get(name), dict):
            made = _with(made, name, _schema(raw[name], tool.name, strict))
    if isinstance(raw.get("description"), str):
        made = _with(made, "description", _tidy(raw["description"]))
    return made


def _with(given: Body, name: str, value: Any) -> Body:
    same = given[name] is value or (isinstance(value, str) and given[name] == value)
    return given if same else {**given, name: value}


def _schema(schema: Body, name: str, strict: bool) -> Body:
    """The schema without what says nothing; the same object where there is no such thing, or where
    something inside may refer to it."""
    text = orjson.dumps(schema).decode()
    if any(mark in text for mark in _REFERS) or not all(map(_IN_PLACE.fullmatch, _refs(text))):
        return schema
    slim: Body = _slim(schema, name, strict, 0)
    if "$schema" in slim and not any(mark in text for mark in _OF_A_DRAFT):
        slim = {key: value for key, value in slim.items() if key != "$schema"}
    return slim


def _refs(text: str) -> list[str]:
    return _REF.findall(text)


def _slim(schema: Any, name: str, strict: bool, depth: int) -> Any:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return schema
    made = {}
    for key, value in schema.items():
        if not _says_nothing(key, value, name, strict):
            made[key] = _inner(key, value, strict, depth)
    same = len(made) == len(schema) and all(made[key] is schema[key] for key in made)
    return schema if same else made


def _says_nothing(key: str, value: Any, name: str, strict: bool) -> bool:
    if key == "title" and value:
        return isinstance(value, str) and words(value) == words(name) != []
    if key == "additionalProperties":  # true is what holds without it
        return not strict and value is True
    if strict and key in _STRICT_KEEPS:
        return False
    return any(key == one and _same(value, nothing) for one, nothing in _NOTHING_SAID)


def _same(value: Any, nothing: Any) -> bool:
    return type(value) is type(nothing) and bool(value == nothing)


def _inner(key: str, value: Any, strict: bool, depth: int) -> Any:
    slim: Callable[[Any, str], Any] = lambda one, name: _slim(one, name, strict, depth + 1)  # noqa: E731
    if key == "description" and isinstance(value, str):
        tidy = _tidy(value)
        return value if tidy == value else tidy
    if key in _BY_NAME and isinstance(value, dict):
        return _mapped(value, slim)
    if key in _SEVERAL and isinstance(value, list):
        several = [slim(one, "") for one in value]
        return value if all(a is b for a, b in zip(several, value, strict=True)) else several
    return slim(value, "") if key in _ONE else value


def _mapped(given: Body, slim: Callable[[Any, str], Any]) -> Body:
    made = {name: slim(one, name) for name, one in given.items()}
    return given if all(made[name] is given[name] for name in made) else made


def _tidy(text: str) -> str:
    """Without trailing blanks and more than one empty line in a row."""
    return _GAPS.sub("\n\n", _TRAILING.sub("", text)).strip()
