"""`python -m tests.configuration_page` writes docs/configuration.md from the config's models."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from proxy.config.model import Config
from proxy.providers.catalog import KINDS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"
HEAD = """# Configuration

One TOML file, `~/.config/lynkr-tui/config.toml` unless `--config` names another. A wrong key, type
or tier is refused with the key, the line and the fix. A change takes effect within a second,
without a restart; edits from the dashboard keep your comments. A setting that a release renames is
understood by its old name; the next start writes the new one and keeps a copy of the file beside it
(`config.toml.before-VERSION`), as it does of an older ledger. This page is made from the models
that check the file (`python -m tests.configuration_page`), and a test holds it to them.

```toml
[providers.anthropic]
kind = "anthropic"
key_env = "ANTHROPIC_API_KEY"

[tiers]
SIMPLE = "anthropic/claude-haiku-5-5"
MEDIUM = "anthropic/claude-haiku-5-5"
COMPLEX = "anthropic/claude-sonnet-5-5"
REASONING = "anthropic/claude-opus-5-5"
```
"""
# Where a table of the file holds names of the user's own, how such a name is written.
NAMES = {"providers": "NAME", "models": '"PROVIDER/MODEL"', "prices": '"PROVIDER/MODEL"'}


def page() -> str:
    """The whole page, in markdown."""
    schema = Config.model_json_schema(mode="validation")
    parts = [HEAD, *_tables(schema)]
    kinds = ", ".join(f"`{name}`" for name in KINDS)
    return "\n".join(
        [*parts, "## Kinds of provider", "", kinds + ". See [providers](providers.md).\n"]
    )


def _tables(schema: dict[str, Any]) -> Iterator[str]:
    """The file's own keys first, then each table with its fields."""
    kept = []
    for name, field in schema["properties"].items():
        model = _model(field, schema)
        if model is None:
            kept.append((name, field))
            continue
        yield _table(_heading(name, field), model, schema)
    yield _rows("## At the top of the file, or as a table of that name", kept, schema, [])


def _heading(name: str, field: dict[str, Any]) -> str:
    if field.get("type") == "array":
        return f"[[{name}]]"
    return f"[{name}.{NAMES[name]}]" if "additionalProperties" in field else f"[{name}]"


def _table(heading: str, model: dict[str, Any], schema: dict[str, Any]) -> str:
    rows, inner = [], []
    for name, field in model["properties"].items():
        if "$ref" in field and "properties" in (nested := _resolved(field, schema)):
            inner.append((name, nested))
        rows.append((name, field))
    required = model.get("required", [])
    told = [_rows(f"## `{heading}`", rows, schema, required, model.get("description", ""))]
    for name, nested in inner:
        told.append(_table(f"{heading[:-1]}.{name}]", nested, schema))
    return "\n".join(told)


def _rows(
    heading: str,
    fields: list[tuple[str, dict[str, Any]]],
    schema: dict[str, Any],
    required: list[str],
    said: str = "",
) -> str:
    lines = [heading, ""]
    if said:
        lines += [inspect.cleandoc(said), ""]
    lines += ["| key | type | default |", "|---|---|---|"]
    for name, field in fields:
        default = "required" if name in required else _default(field)
        lines.append(f"| `{name}` | {_type(field, schema)} | {default} |")
    return "\n".join([*lines, ""])


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "–" if value in (None, "", [], {}) else f"`{orjson.dumps(value).decode()}`"


def _type(field: dict[str, Any], schema: dict[str, Any]) -> str:
    field = _resolved(field, schema)
    if "anyOf" in field:
        kinds = [_type(one, schema) for one in field["anyOf"] if one.get("type") != "null"]
        return " or ".join(kinds)
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        items = field.get("items") or (field.get("prefixItems") or [{}])[0]
        return f"list of {_type(items, schema)}"
    if "properties" in field:
        return "table"
    if field.get("type") == "object":
        return f"table of {_type(field.get('additionalProperties') or {}, schema)}"
    return str(field.get("type", "text")).replace("string", "text") + _range(field)


_BOUNDS = {
    "exclusiveMinimum": "over",
    "minimum": "from",
    "exclusiveMaximum": "below",
    "maximum": "to",
}


def _range(field: dict[str, Any]) -> str:
    said = [f"{word} {field[key]:g}" for key, word in _BOUNDS.items() if key in field]
    return f" ({' '.join(said)})" if said else ""


def _model(field: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any] | None:
    """The model that a table of the file is checked by; None for one of plain values."""
    inner = field.get("additionalProperties") or field.get("items") or field
    found = _resolved(inner, schema) if isinstance(inner, dict) else {}
    return found if "properties" in found else None


def _resolved(field: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = field.get("$ref", "")
    found: dict[str, Any] = schema["$defs"][reference.rpartition("/")[2]] if reference else field
    return found


if __name__ == "__main__":
    PAGE.write_text(page())
