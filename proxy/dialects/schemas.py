"""Tool schemas as a provider accepts them; what the client sent is never changed in place."""

from collections.abc import Callable
from typing import Any

from proxy.dialects.model import Body, Json

_NAMED = frozenset({"properties", "$defs", "definitions", "patternProperties"})
_LISTED = ("anyOf", "oneOf", "allOf", "prefixItems")
_NESTED = ("items", "not", "additionalProperties")

# What Gemini's function declarations know; everything else in a schema is refused.
_GEMINI = frozenset(
    "type format title description nullable enum maxItems minItems properties required "
    "propertyOrdering minProperties maxProperties minimum maximum minLength maxLength pattern "
    "anyOf items".split()
)
_GEMINI_FORMATS = frozenset({"enum", "date-time", "float", "double", "int32", "int64"})
_DEPTH = 24  # where a schema that refers to itself is cut


def object_schema(schema: Json) -> Body:
    """A copy that says `object` at its top, empty where there was no schema.

    What lies inside is shared with `schema`: copying it all would cost more than the rest of a
    request, and no cleaner writes into it.
    """
    copy = dict(schema) if isinstance(schema, dict) else {}
    copy.setdefault("type", "object")
    if copy["type"] == "object":
        copy.setdefault("properties", {})
    return copy


def gemini(schema: Body) -> Body:
    """References resolved, unions as any_of, and only the keywords that Gemini knows."""
    cleaned = _gemini(schema, schema, 0)
    cleaned.setdefault("type", "object")
    return cleaned


def _gemini(node: Json, root: Body, depth: int) -> Body:
    if not isinstance(node, dict) or depth > _DEPTH:
        return {}
    node = _single_type(_merged(_resolved(node, root, depth)))
    kept = {key: node[key] for key in node if key in _GEMINI}
    if str(kept.get("format")) not in _GEMINI_FORMATS:
        kept.pop("format", None)
    if "enum" in kept:
        kept.setdefault("type", "string")
    return _children(kept, lambda child: _gemini(child, root, depth + 1))


def _resolved(node: Body, root: Body, depth: int) -> Body:
    reference = node.get("$ref")
    if not isinstance(reference, str) or depth >= _DEPTH:
        return node
    target: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        target = target.get(step, {}) if isinstance(target, dict) else {}
    rest = {key: value for key, value in node.items() if key != "$ref"}
    return {**target, **rest} if isinstance(target, dict) else rest


def _merged(node: Body) -> Body:
    """one_of as any_of, all_of folded in, a constant as an enum of one."""
    merged = dict(node)
    parts = merged.pop("allOf", None)
    for part in parts if isinstance(parts, list) else ():
        for key, value in part.items() if isinstance(part, dict) else ():
            joins = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if joins else merged.get(key, value)
    if "oneOf" in merged:
        merged.setdefault("anyOf", merged.pop("oneOf"))
    if "const" in merged:
        merged.setdefault("enum", [merged.pop("const")])
    return merged


def _single_type(node: Body) -> Body:
    """A list of types as one type, `nullable`, or any_of; enums only of strings."""
    types = node.get("type")
    if isinstance(types, list):
        node = {key: value for key, value in node.items() if key != "type"}
        real = [kind for kind in types if kind != "null"]
        node |= {"nullable": True} if "null" in types else {}
        node |= {"type": real[0]} if len(real) == 1 else {"anyOf": [{"type": t} for t in real]}
    enum = node.get("enum")
    if isinstance(enum, list) and not all(isinstance(value, str) for value in enum):
        node = {key: value for key, value in node.items() if key != "enum"}
    return node


def _children(node: Body, clean: Callable[[Json], Body]) -> Body:
    """The schemas inside a schema cleaned; a property's name is no keyword."""
    for key, value in node.items():
        if key in _NAMED and isinstance(value, dict):
            node[key] = {name: clean(child) for name, child in value.items()}
        elif key in _LISTED and isinstance(value, list):
            node[key] = [clean(child) for child in value]
        elif key in _NESTED and isinstance(value, dict):
            node[key] = clean(value)
    return node


def openai(schema: Body) -> Body:
    """No union, enum or negation at the top, where OpenAI refuses them."""
    refused = ("anyOf", "oneOf", "allOf", "enum", "not")
    return {key: value for key, value in schema.items() if key not in refused}


CLEANERS: dict[str, Callable[[Body], Body]] = {
    "none": lambda schema: schema,
    "gemini": gemini,
    "openai": openai,
}


def clean(schema: Json, cleaner: str) -> Body:
    """The schema of one tool as the provider behind `cleaner` accepts it."""
    return CLEANERS[cleaner](object_schema(schema))
