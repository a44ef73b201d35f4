"""Mends a call that misses by a hair. Nothing is invented and nothing lost: each value that the
model wrote is in the mended call, and no other; what can't be mended so is left alone."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

import orjson

from proxy.dialects.model import Body, Json, Tool, ToolCall
from proxy.quality.check import arguments_of
from proxy.quality.schemas import complaint

_FENCE = re.compile(r"\A\s*```(?:json)?\s*|\s*```\s*\Z")
_STRUCTURE = re.compile(r"[\s{}\[\]:,\"'`\\]+|\b(?:true|false|null|True|False|None)\b")
_OPENS = {"{": 1, "[": 1, "}": -1, "]": -1}
_ENDS = ('"', "}", "]")  # of a value that is surely whole
_APART = re.compile(r"[-_\s.]+")


def mended(call: ToolCall, tools: Mapping[str, Tool]) -> tuple[ToolCall, str] | None:
    """The call as its tool's schema wants it, and what was done; None where that takes a guess."""
    name = call.name if call.name in tools else _alike(call.name, tools)
    tool = tools.get(name or "")
    if tool is None or tool.kind != "function":
        return None
    notes = [] if name == call.name else [f"{call.name} is {name}"]
    parsed = _parsed(call, notes)
    if not isinstance(parsed, dict):
        return None
    fitted = _fitted(parsed, tool.schema, notes)
    if not notes or complaint(tool.schema, fitted):
        return None
    arguments = orjson.dumps(fitted).decode()
    return ToolCall(call.id, tool.name, arguments, call.extra), "; ".join(dict.fromkeys(notes))


def _alike(name: str, names: Mapping[str, Any]) -> str | None:
    """The one of `names` that is spelt like `name` but for case and separators."""
    found = [one for one in names if _plain(one) == _plain(name)]
    return found[0] if len(found) == 1 else None


def _plain(name: str) -> str:
    return _APART.sub("", name).lower()


def _parsed(call: ToolCall, notes: list[str]) -> Json:
    try:
        return arguments_of(call)
    except ValueError:
        text = _FENCE.sub("", call.arguments)
    from json_repair import repair_json  # only where something is broken

    found = None if _cut(text) else repair_json(text, return_objects=True, skip_json_loads=False)
    if not found or not _same_values(text, found):
        return None
    notes.append("its JSON was broken")
    return found


def _cut(text: str) -> bool:
    """Whether it ends in the midst of something: what is missing there nobody knows. The one
    bracket that closes all of it may be."""
    quote, open_brackets, escaped = "", 0, False
    for char in text:
        if escaped or char == "\\":
            escaped = not escaped
        elif quote:
            quote = "" if char == quote else quote
        elif char == '"':
            quote = char
        else:
            open_brackets += _OPENS.get(char, 0)
    whole = open_brackets <= 0 or (open_brackets == 1 and text.rstrip().endswith(_ENDS))
    return bool(quote) or not whole


def _same_values(text: str, value: Json) -> bool:
    """Whether `text` holds each key and scalar of `value`, in order, and nothing else of weight."""
    rest = text
    for leaf in _leaves(value):
        spelt = next((one for one in _spellings(leaf) if one in rest), None)
        if spelt is None:
            return False
        before, _, rest = rest.partition(spelt)
        if _STRUCTURE.sub("", before):
            return False
    return not _STRUCTURE.sub("", rest)


def _leaves(value: Json) -> Iterator[str | int | float]:
    match value:
        case dict():
            for key, inner in value.items():
                yield key
                yield from _leaves(inner)
        case list():
            for inner in value:
                yield from _leaves(inner)
        case bool() | None:
            pass
        case _:
            yield value


def _spellings(leaf: str | int | float) -> Iterator[str]:
    if leaf == "":
        yield from ('""', "''")
    elif isinstance(leaf, str):
        yield orjson.dumps(leaf).decode()[1:-1]
        yield leaf
    else:
        yield str(leaf)


def _fitted(value: Json, schema: Body, notes: list[str]) -> Json:
    """`value` with names and types as the schema spells them, where that loses nothing."""
    match value:
        case dict():
            return _object(value, schema, notes)
        case list():
            items = schema.get("items")
            return [_fitted(one, items, notes) for one in value] if _is(items) else value
    return value


def _object(value: Body, schema: Body, notes: list[str]) -> Body:
    fields = schema.get("properties")
    if not isinstance(fields, dict):
        return value
    required, fitted = schema.get("required") or (), {}
    for key, inner in value.items():
        name = key if key in fields else _free_name(key, value, fields)
        if name != key:
            notes.append(f"{key} is {name}")
        field = fields.get(name)
        inner = _typed(inner, field, notes, name) if _is(field) else inner
        if inner is None and _is(field) and name not in required and complaint(field, None):
            notes.append(f"{name} was null and is left out")
            continue
        fitted[name] = inner
    return fitted


def _free_name(key: str, value: Body, fields: Body) -> str:
    found = _alike(key, fields)
    return found if found is not None and found not in value else key


def _is(schema: Json) -> TypeGuard[Body]:
    return isinstance(schema, dict)


def _typed(value: Json, schema: Body, notes: list[str], name: str) -> Json:
    """A value in the type that is asked for, if its text says just that; else as it came."""
    if isinstance(value, str) and complaint(schema, value):
        try:
            meant = orjson.loads(value.strip().lower() if value in ("True", "False") else value)
        except orjson.JSONDecodeError:
            return value
        if meant is not None and not complaint(schema, meant):
            notes.append(f"{name} was text")
            return meant
    elif isinstance(value, int | float) and complaint(schema, value):
        meant = orjson.dumps(value).decode()
        if not complaint(schema, meant):
            notes.append(f"{name} is text")
            return meant
    return _fitted(value, schema, notes)
