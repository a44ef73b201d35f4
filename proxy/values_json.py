"""Values as JSON and back, by the types that structs name; one table for the exceptions."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson
from msgspec import Struct
from msgspec.structs import fields
from pydantic import BaseModel

from classifier.tiers import Tier
from proxy.routing.as_json import as_json, read_table
from proxy.routing.table import Table, Target

T = TypeVar("T")
Reader = Callable[[Any], Any]


def plain(value: Struct) -> Any:
    """A struct as a dict of its fields, for orjson with `write`."""
    return {name: _shallow(getattr(value, name)) for name in value.__struct_fields__}


def write(value: object) -> bytes:
    """One line of JSON. TypeError for what has no form in it."""
    return orjson.dumps(value, default=_written)


def read(kind: type[T], said: Any) -> T:
    """The `kind` that JSON tells of. Fields that it does not have are passed over, as a newer
    build may send them; ValueError where one is missing or of another type."""
    try:
        return cast(T, _reader(cast(Any, kind))(said))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no {kind.__name__}: {error}") from None


def _shallow(value: Any) -> Any:
    return value.name if isinstance(value, Tier) else value  # orjson would write its number


def _written(value: object) -> Any:
    for kind, form in _WRITERS:
        if isinstance(value, kind):
            return form(value)
    if isinstance(value, Struct):
        return plain(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


@cache
def _reader(kind: Any) -> Reader:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _READERS:
        return _READERS[kind]
    if origin in (Union, UnionType):
        return partial(_optional, _reader(next(one for one in inner if one is not NoneType)))
    if origin is tuple and inner[-1] is Ellipsis:
        return partial(_several, _reader(inner[0]))
    if origin is tuple:
        return partial(_each, tuple(map(_reader, inner)))
    if origin is Mapping:
        return partial(_mapping, _reader(inner[1]))
    if origin is Literal:
        return partial(_one_of, inner)
    if issubclass(kind, BaseModel):
        return partial(_model, kind)
    return partial(_fields, kind)


def _fields(kind: Any, said: Any) -> Any:
    known, made = _hints(kind), {}
    for field in fields(kind):
        if field.name in said:
            made[field.name] = _reader(known[field.name])(said[field.name])
        elif field.required:
            raise ValueError(f"{kind.__name__} has no {field.name}")
    return kind(**made)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _optional(inner: Reader, said: Any) -> Any:
    return None if said is None else inner(said)


def _several(inner: Reader, said: Any) -> tuple[Any, ...]:
    return tuple(map(inner, _listed(said)))


def _each(inner: tuple[Reader, ...], said: Any) -> tuple[Any, ...]:
    return tuple(read(one) for read, one in zip(inner, _listed(said), strict=True))


def _mapping(inner: Reader, said: Any) -> dict[str, Any]:
    return {str(key): inner(value) for key, value in said.items()}


def _one_of(known: tuple[Any, ...], said: Any) -> Any:
    if said not in known:
        raise ValueError(f"{said!r} is none of {known}")
    return said


def _listed(said: Any) -> list[Any]:
    return cast("list[Any]", _scalar((list,), said))


def _scalar(kinds: tuple[type, ...], said: Any) -> Any:
    if type(said) not in kinds:
        raise ValueError(f"{said!r:.80} is no {kinds[0].__name__}")
    return said


def _model(kind: type[BaseModel], said: Any) -> BaseModel:
    known = {name: value for name, value in said.items() if name in kind.model_fields}
    return kind.model_validate_json(orjson.dumps(known))


_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Target, str),  # as a person writes it
    (Table, as_json),
    (BaseModel, lambda row: row.model_dump(mode="json", exclude_defaults=True)),
    (Mapping, dict),
)
_READERS: dict[Any, Reader] = {
    Tier: lambda name: Tier[name],
    Target: Target.of,
    Table: read_table,
    str: partial(_scalar, (str,)),
    bool: partial(_scalar, (bool,)),
    int: partial(_scalar, (int, bool)),  # a count of at most one may be told as true
    float: partial(_scalar, (float, int)),
}
